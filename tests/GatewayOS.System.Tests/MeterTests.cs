using System.Net;
using System.Net.Sockets;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Topologies;
using GatewayOS.Lab.Traffic;

namespace GatewayOS.System.Tests;

/// <summary>QoS rules with a rate, on the device of a gateway.</summary>
public sealed class MeterTests
{
    /// <summary>Kilobits a second, and at once.</summary>
    private const int Rate = 800, Burst = 80;

    private const int Payload = 1000;

    /// <summary>Ethernet with the VLAN tag, IPv4 and UDP.</summary>
    private const int Frame = Payload + 18 + 20 + 8;

    private const int Port = 7100;
    private const int OctetsPerKilobit = 125;

    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rate_holds_on_the_device_and_what_is_below_it_passes()
    {
        Requirement.Lab();
        await using var lab = await LabNetwork.StartAsync(DemoNetwork.Topology.WithStockHypervisors, Device.SoftSwitch, Token);
        await lab.StartAgentsAsync(Token);
        var agent = new AgentCounters(lab.FastPaths);
        await agent.WaitUntilReadyAsync(Token);
        var flow = DemoNetwork.Traffic.First(kind => kind is { Path: "routed", Protocol: Protocol.Udp, Family: 4, Direction: "ext -> VM" }).Flows[0];
        await new TrafficRunner(lab).WarmUpAsync([flow], Token);
        await lab.NorthboundAsync($"qos-add public from-lport 100 'inport == \"public-net\" && ip4.dst == {flow.ServerSeenAs} && udp' rate={Rate} burst={Burst}", Token);
        await agent.WaitUntilReadyAsync(Token);
        var before = (await agent.ReadAsync(Token))!;

        // A third of the rate.
        var (sent, received, _) = await SendAsync(lab, flow, packetsPerTick: 1, Every(3), TimeSpan.FromSeconds(3));
        Assert.Equal(sent, received);

        // Five times the rate.
        (sent, received, var took) = await SendAsync(lab, flow, packetsPerTick: 10, Every(1), TimeSpan.FromSeconds(4));
        var (offered, passed, allowed) = (sent * Frame, received * Frame, (Burst * OctetsPerKilobit) + (Rate * OctetsPerKilobit * took.TotalSeconds));
        Assert.True(offered > 2 * allowed, $"{offered} octets offered in {took}, where {allowed} may pass");
        Assert.InRange(passed, allowed * 0.6, allowed * 1.1);

        var moved = (await agent.ReadAsync(Token))!.Since(before);
        Assert.True(moved.ThroughOvs == 0, string.Join("; ", moved.Punts));

        await lab.NorthboundAsync("qos-del public", Token);
        await agent.WaitUntilReadyAsync(Token);
        (sent, received, _) = await SendAsync(lab, flow, packetsPerTick: 4, Every(1), TimeSpan.FromSeconds(2));
        Assert.Equal(sent, received);
    }

    private static TimeSpan Every(int ticks) => ticks * s_tick;

    /// <summary>Sends datagrams of one direction, and counts what arrives.</summary>
    private static async Task<(long Sent, long Received, TimeSpan Took)> SendAsync(LabNetwork lab, Flow flow, int packetsPerTick, TimeSpan tick, TimeSpan duration)
    {
        using var server = Open(lab, flow.Server, flow.ServerAddress);
        using var client = Open(lab, flow.Client, flow.ClientAddress);
        server.ReceiveBufferSize = 1 << 22;
        var (sent, message, target) = (0L, new byte[Payload], new IPEndPoint(flow.ServerSeenAs, Port));
        var received = CountAsync(server);
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < duration)
        {
            for (var i = 0; i < packetsPerTick; i++)
            {
                await client.SendToAsync(message, target, Token);
                sent++;
            }

            await Task.Delay(tick, TimeProvider.System, Token);
        }

        var took = TimeProvider.System.GetElapsedTime(start);
        return (sent, await received, took);
    }

    // Until nothing has come for a while.
    private static async Task<long> CountAsync(Socket server)
    {
        var (count, buffer) = (0L, new byte[2 * Payload]);
        while (true)
        {
            using var silence = CancellationTokenSource.CreateLinkedTokenSource(Token);
            silence.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                await server.ReceiveAsync(buffer, silence.Token);
                count++;
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                return count;
            }
        }
    }

    private static Socket Open(LabNetwork lab, string node, IPAddress address)
    {
        var socket = lab.Inside(node, () => new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        socket.Bind(new IPEndPoint(address, Port));
        return socket;
    }
}
