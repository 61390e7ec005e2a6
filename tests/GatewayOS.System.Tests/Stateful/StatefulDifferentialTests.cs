using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>Invariant I2 with state: a network with devices and agents on every chassis brings the same packets to the same ends as one of stock chassis.</summary>
public sealed class StatefulDifferentialTests(ITestOutputHelper log)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly string[] s_events = ["SYN", "SYN again", "data", "out of window", "keep-alive", "FIN", "RST", "ICMP error", "request", "answer", "the other type"];

    [Fact]
    public async Task Random_interleavings_of_connections_give_the_same_packets_with_and_without_the_fast_path()
    {
        Assert.SkipUnless(StatefulSetting.Duration > TimeSpan.Zero, "takes minutes: make stateful SECONDS=120");
        Requirement.Lab();
        var topology = Prepared(DemoNetwork.Topology);
        await using var stock = await LabNetwork.StartAsync(topology, Device.None, Token);
        await using var fast = await LabNetwork.StartAsync(topology, Device.SoftSwitch, Token);
        await fast.StartAgentsAsync(Token);
        var counters = new AgentCounters(fast.FastPaths);
        await counters.WaitUntilReadyAsync(Token);
        LabNetwork[] both = [stock, fast];
        Task OnBothAsync(Func<LabNetwork, Task> action) => Task.WhenAll(both.Select(action));
        await OnBothAsync(WarmUpAsync);
        await OnBothAsync(lab => Convergence.SettleAsync(lab, Token));

        log.WriteLine($"seed {StatefulSetting.Seed}, {StatefulSetting.Duration.TotalSeconds} s");
        using var sides = new TwoSides(await Side.TakeAsync(stock, Token), await Side.TakeAsync(fast, Token));
        await OnBothAsync(ForgetAsync);
        var before = (await counters.ReadAsync(Token))!;
        var run = new Interleaving(sides, new Takeover(fast), OnBothAsync, StatefulSetting.Seed, await CanReuseAsync(stock), log);
        await run.RunAsync(StatefulSetting.Duration, Token);
        var crossings = (await counters.ReadAsync(Token))!.Since(before);

        log.WriteLine($"{sides.Count} packets, {run.Changes} changes, {run.Taken} of {run.Waited} connections seen on a device, {run.Woken} woken after a timeout, {run.OtherPorts} with another port of the NAT");
        log.WriteLine($"crossings of devices: {crossings.FastPath} fast, {crossings.ThroughOvs} through OVS: {string.Join(", ", crossings.Punts.Select(punt => $"{punt.Key} {punt.Value}"))}");
        log.WriteLine(string.Join(", ", run.Intents.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key} {pair.Value}")));
        var late = sides.Everything().Where(sent => sent.Difference is not null).ToList();
        var unmarked = sides.UnmarkedDifferences().ToList();
        Assert.True(
            late.Count + unmarked.Count == 0,
            $"{late.Count} of {sides.Count} packets differ, and {unmarked.Count} kinds of packets that routers made\n{string.Join("\n\n", run.Differences.Concat(unmarked.Take(5)))}");
        Assert.True(crossings.FastPath * 3 > crossings.ThroughOvs, "hardly anything took the fast path");
        Assert.True(run.Taken * 10 > run.Waited * 7, "devices take hardly any connection");
        Assert.True(run.OtherPorts * 5 <= run.Intents["SYN"], "the NAT chooses other ports too often");
        Assert.True(run.Changes >= StatefulSetting.Duration.TotalSeconds / 40, "hardly anything changed");
        Assert.All(s_events, kind => Assert.True(run.Intents.ContainsKey(kind), $"there was no {kind}"));
    }

    /// <summary>
    /// QUIRK(ovs-vswitchd 3.1): the userspace tracker dies of a SYN by the ports of a connection that has ended and the answer to it, where a zone does not
    /// translate (conn_update_state: conn_type == CT_CONN_TYPE_DEFAULT), with a device and without. OVS 3.3 has no such pairs of entries any more.
    /// </summary>
    private static async Task<bool> CanReuseAsync(LabNetwork lab)
    {
        var version = await lab.RunAsync(lab.Topology.Gateway.Name, "ovs-vswitchd", ["--version"], Token);
        return Version.Parse(version.Split('\n')[0].Split(' ')[^1].Split('-')[0]) >= new Version(3, 3);
    }

    /// <summary>The routers know the external host, whose kernel will not answer.</summary>
    private static Topology Prepared(Topology topology) => topology with
    {
        Northbound = string.Join('\n', (string[])
        [
            topology.Northbound,
            .. from router in new[] { "router-a-public", "router-b-public", "gateway-public" }
               from address in topology.External.Addresses
               select $"static-mac-binding-add {router} {address.Address} {topology.External.Mac}",
        ]),
    };

    /// <summary>Once through every tunnel, so that the underlay's addresses are resolved.</summary>
    private static Task WarmUpAsync(LabNetwork lab) => new TrafficRunner(lab).WarmUpAsync(
        DemoNetwork.Traffic.Where(kind => kind is { Protocol: Protocol.Ping, Family: 4, Direction: not "ext -> VM" }).SelectMany(kind => kind.Flows).Where(flow => !flow.IsBalanced).Distinct(), Token);

    /// <summary>No connection is left of the warming up, and TCP windows are checked nowhere, as agents have it (src/GatewayOS.Control/README.md).</summary>
    private static Task ForgetAsync(LabNetwork lab) => Task.WhenAll(lab.Topology.Chassis.Select(async chassis =>
    {
        await lab.AppctlAsync(chassis.Name, "ovs-vswitchd", "dpctl/flush-conntrack", Token);
        await lab.AppctlAsync(chassis.Name, "ovs-vswitchd", "dpctl/ct-disable-tcp-seq-chk", Token);
    }));
}
