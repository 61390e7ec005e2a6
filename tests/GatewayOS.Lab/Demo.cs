using System.Globalization;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;
using Spectre.Console;

namespace GatewayOS.Lab;

/// <summary>The demonstration: real OVN, real traffic, and a table of where each kind of it went.</summary>
internal sealed class Demo(IAnsiConsole console)
{
    /// <summary>Pings, datagrams, or messages in a connection, for each flow.</summary>
    private static readonly TimeSpan s_learning = TimeSpan.FromSeconds(2);

    private const int Messages = 10;

    /// <summary>What of connections has to take the fast path after their first exchange.</summary>
    private const double ShareOfConnections = 0.95;

    /// <returns>
    /// The exit code: 0 when every packet that was sent was received, and, with P4 devices, as much as expected took the fast path.
    /// </returns>
    public async Task<int> RunAsync(Device device, bool keep, CancellationToken token)
    {
        var network = DemoNetwork.Topology;
        console.WriteLine(
            $"OVN with {network.Chassis.Count} chassis, {network.Machines.Count} machines and an external host on VLAN {network.External.Vlan}; device: {device}");
        var start = TimeProvider.System.GetTimestamp();
        await using var lab = await LabNetwork.StartAsync(network, device, token);
        if (keep)
        {
            lab.Keep();
        }

        Tell("Network up", start);
        var devices = await StartFastPathAsync(lab, token);
        var traffic = new TrafficRunner(lab, devices);
        Tell("Devices ready", start);
        await traffic.WarmUpAsync(DemoNetwork.Traffic.SelectMany(kind => kind.Flows).Distinct(), token);
        Tell("Every address resolved", start);
        // What routers have learned goes by the southbound database to the devices.
        await Task.Delay(s_learning, TimeProvider.System, token);
        if (devices is AgentCounters agents)
        {
            await agents.WaitUntilReadyAsync(token);
        }


        var counts = new List<KindCount>();
        foreach (var path in DemoNetwork.Traffic.GroupBy(kind => kind.Path))
        {
            counts.AddRange(await traffic.RunAsync([.. path], Messages, token));
        }

        Print(counts);
        foreach (var broken in counts.Where(count => !IsAsPromised(count)))
        {
            console.WriteLine($"Not as promised: {broken.Kind.Name}: {broken.Ends}, {broken.Unanswered} unanswered, {broken.Devices?.FastPath} on the fast path of {broken.Crossings}");
        }

        Tell("Done", start);
        if (keep)
        {
            console.WriteLine($"""
                Left up as {lab.Name}; `bin/gateway-lab down {lab.Name}` removes it. To look around:
                  ip netns exec {lab.NamespaceOf("gw1")} bash      the gateway chassis; logs and sockets in {lab.FolderOf("gw1")}; likewise hv1, hv2
                  ovn-nbctl --db={lab.NorthboundRemote} show
                  ovn-sbctl --db={lab.SouthboundRemote} show
                """);
        }

        return counts.TrueForAll(IsAsPromised) ? 0 : 1;
    }

    private static bool HasFastPath(Device device) => device is Device.SoftSwitch or Device.Bmv2;

    private static async Task<IFastPathCounters> StartFastPathAsync(LabNetwork lab, CancellationToken token)
    {
        if (!HasFastPath(lab.Device))
        {
            return new StockCounters();
        }

        await lab.StartAgentsAsync(token);
        var counters = new AgentCounters(lab.FastPaths);
        await counters.WaitUntilReadyAsync(token);
        return counters;
    }

    private static bool IsAsPromised(KindCount count) => count.IsComplete && (count.Devices is null || count.Kind.Expected switch
    {
        Expected.Everything => count.Devices.FastPath == count.Crossings && count.Devices.ThroughOvs == 0,
        Expected.Connections => count.Share > ShareOfConnections,
        _ => throw new NotSupportedException($"{count.Kind.Expected}"),
    });

    private void Tell(string what, long start) => console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{what} after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s"));

    /// <summary>A line for each path, direction and family: the share of the packets that devices forwarded themselves, protocol by protocol.</summary>
    private void Print(IEnumerable<KindCount> counts)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns([.. new[] { "traffic", "direction", "IP" }.Select(name => new TableColumn(name).NoWrap())])
            .AddColumns([.. Enum.GetNames<Protocol>().Select(name => name.ToLowerInvariant()).Concat(["sent", "received"])
                .Select(name => new TableColumn(name).NoWrap().RightAligned())])
            .AddColumn("through OVS because");
        foreach (var line in counts.GroupBy(count => (count.Kind.Path, count.Kind.Direction, count.Kind.Family)))
        {
            table.AddRow([.. Cells([.. line]).Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }

    private static IEnumerable<string> Cells(IReadOnlyList<KindCount> line)
    {
        var (kind, ends) = (line[0].Kind, line.Aggregate(default(TrafficCount), (sum, count) => sum + count.Ends));
        var punts = line.SelectMany(count => count.Devices?.Punts.AsEnumerable() ?? []).GroupBy(punt => punt.Key, punt => punt.Value);
        return
        [
            kind.Path,
            kind.Direction,
            $"v{kind.Family}",
            .. Enum.GetValues<Protocol>().Select(protocol => Share(line.FirstOrDefault(count => count.Kind.Protocol == protocol))),
            Text(ends.Sent),
            Text(ends.Received),
            line[0].Devices is null ? "no P4 device" : string.Join("; ", punts.Select(punt => $"{punt.Key} ({punt.Sum()})")),
        ];
    }

    /// <summary>Rounded down: 100 % is every packet.</summary>
    private static string Share(KindCount? count) => count switch
    {
        null => "",
        { Share: { } share } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1000) / 10:0.#} %"),
        _ => "-",
    };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
