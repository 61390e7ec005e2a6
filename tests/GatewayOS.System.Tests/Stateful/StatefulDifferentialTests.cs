using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Invariant I2 with state: a network with devices and agents on every chassis brings the same packets to the same ends as one of stock chassis.</summary>
[Collection<StatefulLabUse>]
public sealed class StatefulDifferentialTests(StatefulLab lab, ITestOutputHelper log)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What has to happen in any run: each kind of packet, each kind of change while a device has a connection that it concerns, each kind of connection on a device.</summary>
    private static readonly Dictionary<string, int> s_least = Packets
        .Concat(Change.Kinds.SelectMany(kind => new[] { kind, Change.Undone(kind) }).Select(kind => KeyValuePair.Create(kind, 1)))
        .Concat(from kind in Route.All.Select(route => route.Kind).Distinct()
                from protocol in new[] { Packet.Tcp, Packet.Udp, Packet.Icmp }
                where protocol != Packet.Icmp || !Route.All.First(route => route.Kind == kind).IsBalanced
                select KeyValuePair.Create(Interleaving.OnDevice(kind, protocol), 1))
        .Concat(StatefulSetting.Duration > Interleaving.Sleep * 4 / 3 ? [KeyValuePair.Create("timeout", 3)] : [])
        .ToDictionary();

    private static Dictionary<string, int> Packets => new()
    {
        ["SYN"] = 10,
        ["SYN again"] = 2,
        ["port reuse"] = 3,
        ["data"] = 50,
        ["out of window"] = 2,
        ["keep-alive"] = 2,
        ["half-close"] = 2,
        ["FIN"] = 5,
        ["RST"] = 2,
        ["ICMP error"] = 5,
        ["request"] = 20,
        ["answer"] = 20,
        ["the other type"] = 1,
    };

    [Fact]
    public async Task Random_interleavings_of_connections_give_the_same_packets_with_and_without_the_fast_path()
    {
        Requirement.Lab();
        await lab.ReadyAsync(Token);
        var setting = $"seed {StatefulSetting.Seed}, {StatefulSetting.Duration.TotalSeconds} s";
        log.WriteLine(setting);
        var counters = new AgentCounters(lab.Fast.FastPaths);
        var (before, first) = ((await counters.ReadAsync(Token))!, lab.Sides.Count);
        var least = lab.CanReuse ? s_least : s_least.Where(one => one.Key != "port reuse").ToDictionary();
        var run = new Interleaving(lab, StatefulSetting.Seed, least, log);
        await run.RunAsync(StatefulSetting.Duration, StatefulSetting.LongestDuration, Token);
        var crossings = (await counters.ReadAsync(Token))!.Since(before);

        var all = lab.Sides.Everything().Skip(first).ToList();
        log.WriteLine($"{all.Count} packets, {run.Taken} of {run.Waited} connections seen on a device, {run.OtherPorts} with another port of the NAT");
        log.WriteLine($"crossings of devices: {crossings.FastPath} fast, {crossings.ThroughOvs} through OVS: {string.Join(", ", crossings.Punts.Select(punt => $"{punt.Key} {punt.Value}"))}");
        log.WriteLine($"{run.Events}");
        log.WriteLine($"not on a device: {run.Obstacles}");
        lab.AssertAlive();
        var late = all.Where(sent => sent.Difference is not null).ToList();
        var unmarked = lab.Sides.UnmarkedDifferences().ToList();
        Assert.True(
            late.Count + unmarked.Count == 0,
            $"{setting}: {late.Count} of {all.Count} packets differ, and {unmarked.Count} kinds of packets that routers made\n{string.Join("\n\n", run.Differences.Concat(unmarked.Take(5)))}");
        Assert.Empty(run.Events.Missing(least));
        Assert.True(crossings.FastPath * 3 > crossings.ThroughOvs, "hardly anything took the fast path");
        Assert.True(run.Taken * 10 > run.Waited * 7, "devices take hardly any connection");
        Assert.True(run.OtherPorts * 5 <= run.Events["SYN"] + run.Events["port reuse"], "the NAT chooses other ports too often");
    }
}
