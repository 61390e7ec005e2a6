using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests.Faults;

/// <summary>A thousand live connections, of which all have to finish, whatever is killed meanwhile.</summary>
public abstract class ConnectionFaultTests(Device device, ITestOutputHelper log)
{
    private const int Connections = 1000;

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
        var open = new List<Connection>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                open.Add(await Connection.OpenAsync(lab, flows[i % flows.Count], s_patience, Token));
            }

            Assert.Equal(Connections, await ExchangeAsync(open));
            await GatewayLab.UntilAsync("the device to have all connections", async () => await OffloadedAsync(lab) == Connections, Token);
            var first = open.Sum(connection => connection.Repeated);
            Assert.Equal(Connections, await ExchangeAsync(open));
            var repeated = open.Sum(connection => connection.Repeated);
            var revive = await kill(lab, new AgentLog(lab));
            Assert.Equal(Connections, await ExchangeAsync(open));
            await revive();
            await GatewayLab.UntilAsync("the device to have all connections again", async () => await OffloadedAsync(lab) == Connections, Token);
            Assert.Equal(Connections, await ExchangeAsync(open));
            log.WriteLine(
                $"segments sent again, of {Connections} connections that exchange a message at once: {repeated - first} undisturbed, " +
                $"{open.Sum(connection => connection.Repeated) - repeated} with two messages during and after the fault");
        }
        finally
        {
            await Task.WhenAll(open.Select(connection => connection.DisposeAsync().AsTask()));
        }
    }

    private static async Task<int> ExchangeAsync(IEnumerable<Connection> connections) =>
        (await Task.WhenAll(connections.Select(connection => connection.ExchangeAsync(s_patience, Token)))).Count(isAnswered => isAnswered);

    private static async Task<int> OffloadedAsync(LabNetwork lab)
    {
        var answer = await lab.Gateway.AskAsync("connections", Token);
        return answer.EnumerateArray().Count(one => one.GetProperty("isOffloaded").GetBoolean() && one.GetProperty("protocol").GetString() == "tcp");
    }
}

[Collection<SoftSwitchLabUse>]
public sealed class SoftSwitchConnectionFaultTests(ITestOutputHelper log) : ConnectionFaultTests(Device.SoftSwitch, log)
{
    protected override void Require() => Requirement.Lab();
}

public sealed class Bmv2ConnectionFaultTests(ITestOutputHelper log) : ConnectionFaultTests(Device.Bmv2, log)
{
    protected override void Require() => Requirement.Bmv2Lab();
}
