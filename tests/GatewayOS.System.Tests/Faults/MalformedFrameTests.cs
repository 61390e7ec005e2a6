using System.Net;
using GatewayOS.Lab.Running;
using GatewayOS.Lab.Traffic;
using GatewayOS.Linux.Packets;

namespace GatewayOS.System.Tests.Faults;

/// <summary>Cut and corrupted frames into the network cards of the gateway: the fast path does with them what OVS alone does.</summary>
[Collection<SoftSwitchLabUse>]
public sealed class MalformedFrameTests(SoftSwitchLab gateway)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Malformed_frames_are_handled_as_by_OVS_alone_and_harm_nothing()
    {
        Requirement.Lab();
        var lab = await gateway.ReadyAsync(Token);
        var frames = FrameMutations.Of(await CaptureAsync(lab));
        var log = new AgentLog(lab);
        var fast = await ExchangeAsync(lab, frames);
        Assert.True(lab.Gateway.IsDeviceRunning && lab.Gateway.IsAgentRunning);
        Assert.Empty(log.Messages(AgentLog.NotControlling));
        await gateway.AssertFastPathAsync(Token);

        await lab.Gateway.StopAgentAsync();
        await using (var other = await OtherController.TakeAsync(lab, Token))
        {
            await other.EmptyAsync(Token);
        }

        var stock = await ExchangeAsync(lab, frames);
        Assert.NotEmpty(stock);
        for (var i = 0; i < frames.Count; i++)
        {
            Assert.True(stock[i].SetEquals(fast[i]), $"frame {i}, {frames[i]}:\nOVS alone {string.Join("\n  and ", stock[i])}\nfast path {string.Join("\n  and ", fast[i])}");
        }

        Assert.True(stock.Count(outputs => outputs.Count > 0) > 20, "hardly any of the frames is good enough to be forwarded");
    }

    /// <summary>A packet of each kind as it comes in by a card: from a machine by a tunnel, and from outside on a VLAN; both families.</summary>
    private static async Task<IReadOnlyList<Frame>> CaptureAsync(LabNetwork lab)
    {
        var found = new List<Frame>();
        foreach (var flow in new[] { GatewayLab.Traffic[0].Flow, GatewayLab.Traffic[1].Flow.Reversed })
        {
            using var sockets = Cards(lab, lab.Topology.Gateway.Name, card => card.Card);
            await new TrafficRunner(lab).RunAsync(flow, Protocol.Ping, 1, Token);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Token);
            foreach (var port in lab.Gateway.Ports)
            {
                var about = (IPAddress address, byte[] octets) => octets.AsSpan().IndexOf(address.GetAddressBytes()) > 0;
                found.Add(new Frame(port, sockets.Take(port).Last(octets => about(flow.ClientAddress, octets) && about(flow.ServerAddress, octets) && octets.Length > 90)));
            }
        }

        return found;
    }

    /// <summary>Sends every frame into its card and collects, frame by frame, what leaves by the other one.</summary>
    private static async Task<IReadOnlyList<IReadOnlySet<string>>> ExchangeAsync(LabNetwork lab, IReadOnlyList<Frame> frames)
    {
        const int burst = 16;
        using var sockets = Cards(lab, "net", port => port == DevicePort.Underlay ? $"u-{lab.Topology.Gateway.Name}" : $"e-{lab.Topology.Gateway.Name}");
        var outputs = frames.Select(_ => new HashSet<string>()).ToList();
        for (var first = 0; first < frames.Count; first += burst)
        {
            foreach (var frame in frames.Skip(first).Take(burst))
            {
                sockets.Send(frame.Port, frame.Octets);
            }

            // Slow enough that no queue on the way fills: OVS asks its slow path about each of these.
            await Task.Delay(TimeSpan.FromMilliseconds(60), TimeProvider.System, Token);
        }

        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, Token);
        foreach (var port in lab.Gateway.Ports)
        {
            foreach (var octets in sockets.Take(port))
            {
                if (FrameMutations.NumberOf(octets) is { } number && frames[number].Port != port)
                {
                    outputs[number].Add(FrameMutations.Canonical(port, octets));
                }
            }
        }

        return outputs;
    }

    private static CardSockets Cards(LabNetwork lab, string node, Func<DevicePort, string> nameOf) =>
        lab.Inside(node, () => new CardSockets(lab.Gateway.Ports.ToDictionary(port => port, port => PacketSocket.Open(nameOf(port)))));

    private sealed class CardSockets(IReadOnlyDictionary<DevicePort, PacketSocket> sockets) : IDisposable
    {
        public void Send(DevicePort port, ReadOnlySpan<byte> frame)
        {
            sockets[port].Send(frame);
            sockets[port].Flush();
        }

        /// <summary>What has arrived.</summary>
        public List<byte[]> Take(DevicePort port)
        {
            var frames = new List<byte[]>();
            while (sockets[port].Receive(frame => frames.Add(frame.ToArray())) > 0)
            {
                // Until there is no more.
            }

            return frames;
        }

        public void Dispose()
        {
            foreach (var socket in sockets.Values)
            {
                socket.Dispose();
            }
        }
    }
}
