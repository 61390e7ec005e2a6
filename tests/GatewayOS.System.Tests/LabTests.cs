using System.Diagnostics;
using System.Runtime.InteropServices;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

public sealed class LabTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Device.None, 2)]
    [InlineData(Device.Wire, 1)]
    public async Task Every_kind_of_traffic_arrives_through_stock_OVS_and_the_lab_leaves_nothing(Device device, int messages)
    {
        Requirement.Lab();
        string name;
        await using (var lab = await LabNetwork.StartAsync(DemoNetwork.Topology, device, Token))
        {
            name = lab.Name;
            var traffic = new TrafficRunner(lab);
            await traffic.WarmUpAsync(DemoNetwork.Traffic.SelectMany(kind => kind.Flows).Distinct(), Token);
            foreach (var path in DemoNetwork.Traffic.GroupBy(kind => kind.Path))
            {
                foreach (var count in await traffic.RunAsync([.. path], messages, Token))
                {
                    var kind = count.Kind;
                    Assert.True(count.IsComplete, $"{kind.Name}: {count.Ends}, {count.Unanswered} unanswered");
                    // A message and its answer; a connection also opens (3 packets) and closes (at least 3), which counts where all of it does.
                    var expected = 2 * messages * kind.Flows.Count;
                    var handshakes = kind.Expected == Expected.Everything ? 6 * kind.Flows.Count : 0;
                    Assert.True(kind.Protocol == Protocol.Tcp ? count.Ends.Sent >= expected + handshakes : count.Ends.Sent == expected, $"{kind.Name}: {count.Ends}");
                }
            }
        }

        Assert.Empty(Trace.Of(name));
    }

    [Fact]
    public async Task Packets_that_do_not_arrive_are_counted_as_sent_only()
    {
        Requirement.Lab();
        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology, Device.None, Token);
        var traffic = new TrafficRunner(lab);
        var flow = DemoNetwork.Traffic.First(kind => kind is { Path: "stateful ACL", Protocol: Protocol.Udp, Family: 4 }).Flows[0];
        await traffic.WarmUpAsync([flow], Token);
        await lab.NorthboundAsync("acl-add a_guarded from-lport 2000 'inport == @a_guarded && udp' drop", Token);
        Assert.Equal(new TrafficCount(3, 0), await traffic.RunAsync(flow, Protocol.Udp, 3, Token));
        Assert.Equal(new TrafficCount(4, 4), await traffic.RunAsync(flow, Protocol.Ping, 2, Token));
    }

    [Theory]
    [InlineData("ovs-vswitchd", "ovs-vswitchd of gw1")]
    [InlineData("softswitch", "gw1: softswitch")]
    public async Task A_program_that_dies_is_named(string program, string named)
    {
        Requirement.Lab();
        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology.WithStockHypervisors, Device.SoftSwitch, Token);
        lab.AssertAlive();
        var script = $"for pid in $(ip netns pids {lab.NamespaceOf("gw1")}); do if [ \"$(cat /proc/$pid/comm)\" = {program} ]; then kill -KILL $pid; fi; done";
        await lab.RunAsync("gw1", "sh", ["-c", script], Token);
        await UntilAsync(() => Record.Exception(lab.AssertAlive) is LabException failure && failure.Message.StartsWith(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lab_that_fails_to_start_says_why_and_leaves_nothing()
    {
        Requirement.Lab();
        var before = LabRun.List();
        var broken = DemoNetwork.Topology with { Northbound = DemoNetwork.Topology.Northbound + "\nlsp-add no-such-switch port" };
        var failure = await Assert.ThrowsAsync<LabException>(() => LabNetwork.StartAsync(broken, Device.None, Token));
        Assert.Contains("no-such-switch: switch name not found", failure.Message, StringComparison.Ordinal);
        AssertNothingOfThisProcess(before);
    }

    [Fact]
    public async Task A_lab_whose_start_is_cancelled_leaves_nothing()
    {
        Requirement.Lab();
        var before = LabRun.List();
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var start = LabNetwork.StartAsync(DemoNetwork.Topology, Device.None, cancellation.Token);
        await UntilAsync(() => NameOf(Environment.ProcessId) is { } name && File.Exists($"{LabRun.Root}/{name}/hv1/conf.db"));
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => start);
        AssertNothingOfThisProcess(before);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGINT)]
    public async Task A_demonstration_that_is_interrupted_removes_everything(PosixSignal signal)
    {
        Requirement.Lab();
        using var demo = StartDemo();
        var name = await NameOfAsync(demo);
        await UntilAsync(() => File.Exists($"{LabRun.Root}/{name}/hv1/ovn-controller.pid"));
        await KillAsync(demo, signal == PosixSignal.SIGTERM ? "TERM" : "INT");
        await demo.WaitForExitAsync(Token);
        Assert.Equal(130, demo.ExitCode);
        Assert.Empty(Trace.Of(name));
    }

    [Fact]
    public async Task The_next_lab_removes_what_a_killed_one_left_and_nothing_else()
    {
        Requirement.Lab();
        await using var mine = await LabNetwork.StartAsync(DemoNetwork.Topology, Device.None, Token);
        using var demo = StartDemo();
        var killed = await NameOfAsync(demo);
        await UntilAsync(() => File.Exists($"{LabRun.Root}/{killed}/hv1/ovn-controller.pid"));
        await KillAsync(demo, "KILL");
        await demo.WaitForExitAsync(Token);
        Assert.NotEmpty(Trace.Of(killed));

        await LabRun.RemoveLeftoversAsync();
        Assert.Empty(Trace.Of(killed));
        Assert.Equal(new TrafficCount(2, 2), await FirstPingAsync(mine));
    }

    [Fact]
    public async Task Two_labs_run_side_by_side()
    {
        Requirement.Lab();
        var labs = await Task.WhenAll(
            LabNetwork.StartAsync(DemoNetwork.Topology, Device.None, Token), LabNetwork.StartAsync(DemoNetwork.Topology, Device.Wire, Token));
        await using var one = labs[0];
        await using var two = labs[1];
        Assert.NotEqual(one.Name, two.Name);
        Assert.Equal(new TrafficCount(2, 2), await FirstPingAsync(one));
        Assert.Equal(new TrafficCount(2, 2), await FirstPingAsync(two));
    }

    [Fact]
    public async Task A_lab_that_is_kept_stays_until_it_is_removed_by_name()
    {
        Requirement.Lab();
        string name;
        await using (var lab = await LabNetwork.StartAsync(DemoNetwork.Topology, Device.None, Token))
        {
            lab.Keep();
            name = lab.Name;
            Assert.False(await LabRun.RemoveAsync(name), "its owner lives");
        }

        await LabRun.RemoveLeftoversAsync();
        Assert.NotEmpty(Trace.Of(name));
        Assert.True(await LabRun.RemoveAsync(name));
        Assert.Empty(Trace.Of(name));
    }

    private static async Task<TrafficCount> FirstPingAsync(LabNetwork lab)
    {
        var flow = DemoNetwork.Traffic[0].Flows[0];
        var traffic = new TrafficRunner(lab);
        await traffic.WarmUpAsync([flow], Token);
        return await traffic.RunAsync(flow, Protocol.Ping, 1, Token);
    }

    private static Process StartDemo() => Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "gateway-lab"), ["demo", "--target", "none"])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    private static async Task<string> NameOfAsync(Process owner)
    {
        await UntilAsync(() => NameOf(owner.Id) is not null);
        return NameOf(owner.Id)!;
    }

    private static string? NameOf(int owner) => LabRun.List().FirstOrDefault(name => LabRun.OwnerOf(name) == owner);

    private static void AssertNothingOfThisProcess(IReadOnlyList<string> before) =>
        Assert.DoesNotContain(LabRun.List().Except(before), name => LabRun.OwnerOf(name) == Environment.ProcessId);

    private static async Task KillAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(Token);
    }

    /// <summary>Other processes announce nothing, so they are asked again and again.</summary>
    private static async Task UntilAsync(Func<bool> isSo)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, "It never happened.");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Token);
        }
    }
}
