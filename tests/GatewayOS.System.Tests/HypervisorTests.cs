using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

/// <summary>Devices and agents on hypervisors: the ports of machines are front ports too.</summary>
public sealed class HypervisorTests
{
    private const int Messages = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Device.SoftSwitch)]
    [InlineData(Device.Bmv2)]
    public async Task Machines_are_on_the_fast_path_where_they_run_and_where_they_move(Device device)
    {
        Requirement.Lab();
        if (device == Device.Bmv2)
        {
            Requirement.Bmv2Lab();
        }

        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology, device, Token);
        await lab.StartAgentsAsync(Token);
        var all = new AgentCounters(lab.FastPaths);
        await all.WaitUntilReadyAsync(Token);
        var traffic = new TrafficRunner(lab, all);
        var kinds = DemoNetwork.Traffic.Where(kind => kind is { Protocol: Protocol.Udp, Expected: Expected.Everything }).ToList();
        var floating = DemoNetwork.Traffic.First(kind => kind is { Path: "distributed floating IP", Protocol: Protocol.Udp, Direction: "ext -> VM" });
        await traffic.WarmUpAsync([.. kinds.SelectMany(kind => kind.Flows), floating.Flows[0]], Token);
        await all.WaitUntilReadyAsync(Token);

        // Every packet is forwarded by every device that it passes.
        foreach (var count in await traffic.RunAsync(kinds, Messages, Token))
        {
            AssertFast(count, count.Crossings);
        }

        // A distributed floating IP goes in and out where its machine runs, and nowhere else.
        var (gateway, home) = (new AgentCounters([lab.Gateway]), new AgentCounters([lab.FastPath("hv1")]));
        var (gatewayBefore, homeBefore) = ((await gateway.ReadAsync(Token))!, (await home.ReadAsync(Token))!);
        var sent = (await traffic.RunAsync(floating.Flows[0], Protocol.Udp, Messages, Token)).Sent;
        Assert.Equal((0, 2 * Messages), (Seen((await gateway.ReadAsync(Token))!.Since(gatewayBefore)), sent));
        Assert.Equal(sent, Seen((await home.ReadAsync(Token))!.Since(homeBefore)));

        // A machine moves next to the one that it talks to, and back.
        var (routed, switched) = (OnlyOf("routed"), OnlyOf("switched"));
        foreach (var (from, to, devices) in new[] { ("hv1", "hv2", 1), ("hv2", "hv1", 2) })
        {
            await lab.MoveAsync("a1", from, to, Token);
            await all.WaitUntilReadyAsync(Token);
            await traffic.WarmUpAsync([routed.Flows[0], switched.Flows[0]], Token);
            await all.WaitUntilReadyAsync(Token);
            var counts = await traffic.RunAsync([routed, switched], Messages, Token);
            AssertFast(counts[0], 2 * counts[0].Ends.Sent);
            AssertFast(counts[1], devices * counts[1].Ends.Sent);
        }

        TrafficKind OnlyOf(string path)
        {
            var kind = kinds.First(kind => kind.Path == path && kind.Family == 4);
            return kind with { Flows = [kind.Flows.First(flow => flow.Client == "a1")] };
        }
    }

    private static long Seen(FastPathCounts counts) => counts.FastPath + counts.ThroughOvs;

    private static void AssertFast(KindCount count, long crossings)
    {
        var reasons = string.Join("; ", count.Devices!.Punts.Select(punt => $"{punt.Key} ({punt.Value})"));
        Assert.True(
            count.IsComplete && count.Devices.FastPath == crossings && count.Devices.ThroughOvs == 0,
            $"{count.Kind.Name}: {count.Ends}, {count.Devices.FastPath} of {crossings} on the fast path; {reasons}");
    }
}
