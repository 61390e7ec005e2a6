using System.Diagnostics;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Sends traffic between the nodes of a lab and counts it at both ends, packet by packet.</summary>
public sealed class TrafficRunner(LabNetwork lab)
{
    /// <summary>How long an answer may take before its request counts as unanswered.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>How long nothing may have moved before the last packet is taken for the last.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs all flows of a kind, one after the other, with so many pings, datagrams or messages in a connection each.</summary>
    public async Task<TrafficCount> RunAsync(TrafficKind kind, int messages, CancellationToken token)
    {
        var total = default(TrafficCount);
        foreach (var flow in kind.Flows)
        {
            total += await RunAsync(flow, kind.Protocol, messages, token);
        }

        return total;
    }

    public async Task<TrafficCount> RunAsync(Flow flow, Protocol protocol, int messages, CancellationToken token)
    {
        await using var client = PacketCounter.Open(lab, flow.Client, flow.ServerSeenAs);
        await using var server = PacketCounter.Open(lab, flow.Server, flow.ClientSeenAs);
        _ = protocol switch
        {
            Protocol.Ping => await Ping.RunAsync(lab, flow, new Schedule(messages, s_patience), token),
            Protocol.Udp => await Datagrams.RunAsync(lab, flow, new Schedule(messages, s_patience), token),
            Protocol.Tcp => await Connection.RunAsync(lab, flow, messages, s_patience, token),
            _ => throw new UnreachableException(),
        };
        return await SettleAsync(client, server, token);
    }

    /// <summary>Sends one ping each way until it is answered, so that addresses are resolved before anything is counted.</summary>
    /// <exception cref="LabException">A flow that is never answered.</exception>
    public async Task WarmUpAsync(IEnumerable<Flow> flows, CancellationToken token)
    {
        foreach (var flow in flows)
        {
            await Poll.UntilAsync(
                async () => await Ping.RunAsync(lab, flow, new Schedule(1, s_patience), token) == 1,
                $"a first ping from {flow.Client} to {flow.ServerSeenAs} ({flow.Server})",
                TimeSpan.FromSeconds(20),
                token);
        }
    }

    /// <summary>The last acknowledgements of a connection come after its end.</summary>
    private static async Task<TrafficCount> SettleAsync(PacketCounter client, PacketCounter server, CancellationToken token)
    {
        var (last, quietSince) = (default(TrafficCount), TimeProvider.System.GetTimestamp());
        while (true)
        {
            var now = client.Count + server.Count;
            if (now != last)
            {
                (last, quietSince) = (now, TimeProvider.System.GetTimestamp());
            }
            else if (TimeProvider.System.GetElapsedTime(quietSince) > s_silence)
            {
                return now;
            }

            await Task.Delay(s_step, TimeProvider.System, token);
        }
    }
}
