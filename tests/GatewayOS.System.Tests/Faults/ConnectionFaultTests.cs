using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Faults;

/// <summary>A thousand live connections, of which all have to finish, whatever is killed meanwhile.</summary>
/// <param name="device">What forwards them.</param>
/// <param name="atOnce">How many send a message at the same time: a device that is slow loses what comes faster, and TCP then waits longer and longer.</param>
/// <param name="log">What was lost.</param>
public abstract class ConnectionFaultTests(Device device, int atOnce, ITestOutputHelper log)
{
    private const int Connections = 1000;

    /// <summary>Nothing has come for so long: what is missing is lost.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    // A restarted device has no entries, and then for a moment all of them go by OVS: TCP repeats what is lost, and waits a little longer each time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task When_the_agent_is_killed_they_go_on_and_its_successor_adopts_them() => FinishAsync(async (lab, log) =>
    {
        await lab.Gateway.KillAgentAsync();
        return async () =>
        {
            await lab.Gateway.StartAgentAsync(Token);
            await new AgentCounters(lab).WaitUntilReadyAsync(Token);
            Assert.Single(log.Messages(AgentLog.Controlling));
        };
    });

    [Fact]
    public Task When_the_device_is_killed_they_go_on_with_its_successor() => FinishAsync(async (lab, _) =>
    {
        await lab.Gateway.KillDeviceAsync();
        await lab.Gateway.StartDeviceAsync(Token);
        return () => new AgentCounters(lab).WaitUntilReadyAsync(Token);
    });

    /// <summary>Skips the test on a machine without what it takes.</summary>
    protected abstract void Require();

    private async Task FinishAsync(Func<LabNetwork, AgentLog, Task<Func<Task>>> kill)
    {
        Require();
        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology.WithStockHypervisors, device, Token);
        await lab.StartAgentsAsync(Token);
        await new AgentCounters(lab).WaitUntilReadyAsync(Token);
        var flows = DemoNetwork.Traffic.Where(kind => kind is { Protocol: Protocol.Tcp, Path: "SNAT" or "floating IP" }).SelectMany(kind => kind.Flows).Distinct().ToList();
        await new TrafficRunner(lab).WarmUpAsync(flows, Token);
        await using var servers = EchoServers.Open(lab, flows.Select(flow => (flow, Protocol.Tcp)));
        await using var counters = FlowCounter.Open(lab, flows);
        var open = new List<Connection>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                open.Add(await Connection.OpenAsync(lab, flows[i % flows.Count], s_patience, Token));
            }

            Assert.Equal(Connections, await ExchangeAsync(open));
            await GatewayLab.UntilAsync("the device to have all connections", async () => await OffloadedAsync(lab) == Connections, Token);
            var start = await CountAsync(open, counters);
            Assert.Equal(Connections, await ExchangeAsync(open));
            var undisturbed = await CountAsync(open, counters);
            var exchange = ExchangeAsync(open);
            var revive = await kill(lab, new AgentLog(lab));
            Assert.Equal(Connections, await exchange);
            Assert.Equal(Connections, await ExchangeAsync(open));
            await revive();
            await GatewayLab.UntilAsync("the device to have all connections again", async () => await OffloadedAsync(lab) == Connections, Token);
            Assert.Equal(Connections, await ExchangeAsync(open));
            var end = await CountAsync(open, counters);
            log.WriteLine($"{Connections} connections, {atOnce} exchange a message at a time; undisturbed: {undisturbed - start}; three messages during and after the fault: {end - undisturbed}");
        }
        finally
        {
            await Task.WhenAll(open.Select(connection => connection.DisposeAsync().AsTask()));
        }
    }

    private async Task<int> ExchangeAsync(IEnumerable<Connection> connections)
    {
        using var room = new SemaphoreSlim(atOnce);
        return (await Task.WhenAll(connections.Select(async connection =>
        {
            await room.WaitAsync(Token);
            try
            {
                return await connection.ExchangeAsync(s_patience, Token);
            }
            finally
            {
                room.Release();
            }
        }))).Count(isAnswered => isAnswered);
    }

    /// <summary>Waits for the last acknowledgments too.</summary>
    private static async Task<Loss> CountAsync(IReadOnlyList<Connection> open, FlowCounter counters)
    {
        var count = await counters.SettledAsync(s_silence, Token);
        return new Loss(count.Sent, count.Lost, open.Sum(connection => connection.Repeated));
    }

    private static async Task<int> OffloadedAsync(LabNetwork lab)
    {
        var answer = await lab.Gateway.AskAsync("connections", Token);
        return answer.EnumerateArray().Count(one => one.GetProperty("isOffloaded").GetBoolean() && one.GetProperty("protocol").GetString() == "tcp");
    }

    /// <param name="Packets">Sent at all ends.</param>
    /// <param name="Lost">Those that have not come out at the other.</param>
    /// <param name="Repeated">Segments that clients sent again.</param>
    private sealed record Loss(long Packets, long Lost, long Repeated)
    {
        public static Loss operator -(Loss one, Loss other) => new(one.Packets - other.Packets, one.Lost - other.Lost, one.Repeated - other.Repeated);

        public override string ToString() => $"{Packets} packets, {Lost} lost, {Repeated} segments sent again by clients";
    }
}

[Collection<SoftSwitchLabUse>]
public sealed class SoftSwitchConnectionFaultTests(ITestOutputHelper log) : ConnectionFaultTests(Device.SoftSwitch, 1000, log)
{
    protected override void Require() => Requirement.Lab();
}

/// <summary>bmv2 forwards a few thousand packets a second, on a busy machine less, and has room for 64 in each of its queues.</summary>
public sealed class Bmv2ConnectionFaultTests(ITestOutputHelper log) : ConnectionFaultTests(Device.Bmv2, 20, log)
{
    protected override void Require() => Requirement.Bmv2Lab();
}
