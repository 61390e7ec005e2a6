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
    private const int Messages = 10;

    /// <returns>
    /// The exit code: 0 when every packet that was sent was received, and, with a P4 device, everything that is only routed took the fast path.
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

        var counters = await StartFastPathAsync(lab, token);
        var traffic = new TrafficRunner(lab);
        await traffic.WarmUpAsync(DemoNetwork.Traffic.SelectMany(kind => kind.Flows).Distinct(), token);
        console.WriteLine($"Up, and every address resolved, after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s");

        var rows = new List<DemoRow>();
        foreach (var kind in DemoNetwork.Traffic)
        {
            var before = await counters.ReadAsync(token);
            var count = await traffic.RunAsync(kind, Messages, token);
            rows.Add(new DemoRow(kind, count, before is null ? null : (await counters.ReadAsync(token))?.Since(before)));
        }

        Print(rows);
        console.WriteLine($"Done after {TimeProvider.System.GetElapsedTime(start).TotalSeconds:f1} s");
        if (keep)
        {
            console.WriteLine($"""
                Left up as {lab.Name}; `bin/gateway-lab down {lab.Name}` removes it. To look around:
                  ip netns exec {lab.NamespaceOf("gw1")} bash      the gateway chassis; logs and sockets in {lab.FolderOf("gw1")}
                  ovn-nbctl --db={lab.NorthboundRemote} show
                  ovn-sbctl --db={lab.SouthboundRemote} show
                """);
        }

        return rows.All(row => row.IsAsPromised) ? 0 : 1;
    }

    private static bool HasFastPath(Device device) => device is Device.SoftSwitch or Device.Bmv2;

    private static async Task<IFastPathCounters> StartFastPathAsync(LabNetwork lab, CancellationToken token)
    {
        if (!HasFastPath(lab.Device))
        {
            return new StockCounters();
        }

        await lab.Gateway.StartAgentAsync(token);
        var counters = new GatewayctlCounters(lab);
        await counters.WaitUntilReadyAsync(token);
        return counters;
    }

    private void Print(IEnumerable<DemoRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumns([.. new[] { "traffic", "protocol", "direction" }.Select(name => new TableColumn(name).NoWrap())])
            .AddColumns([.. new[] { "sent", "received", "fast path", "OVS" }.Select(name => new TableColumn(name).NoWrap().RightAligned())])
            .AddColumn("through OVS because");
        foreach (var row in rows)
        {
            table.AddRow([.. row.Cells.Select(cell => new Text(cell))]);
        }

        console.Write(table);
    }

    /// <summary>One line of the table.</summary>
    private sealed record DemoRow(TrafficKind Kind, TrafficCount Ends, FastPathCounts? Gateway)
    {
        public IEnumerable<string> Cells =>
        [
            Kind.Path,
            $"{Kind.Protocol.ToString().ToLowerInvariant()} IPv{Kind.Family}",
            Kind.Direction,
            Text(Ends.Sent),
            Text(Ends.Received),
            Text(Gateway?.FastPath ?? 0),
            Text(Gateway?.ThroughOvs ?? Ends.Received),
            Gateway is null ? "no P4 device" : string.Join("; ", Gateway.Punts.Select(punt => $"{punt.Key} ({punt.Value})")),
        ];

        public bool IsAsPromised =>
            Ends.Received == Ends.Sent && (Gateway is null || !Kind.IsOnlyRouted || (Gateway.FastPath == Ends.Sent && Gateway.ThroughOvs == 0));

        private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
    }
}
