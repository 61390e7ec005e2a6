using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Sends traffic between the nodes of a lab and counts it at both ends, packet by packet, and on the devices between.</summary>
/// <param name="lab">Where.</param>
/// <param name="devices">Tells what devices do; without, nobody counts there, and nobody is waited for.</param>
public sealed class TrafficRunner(LabNetwork lab, IFastPathCounters? devices = null)
{
    /// <summary>How long an answer may take before its request counts as unanswered.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    /// <summary>How long an agent has from the first exchange of a connection until the device knows it.</summary>
    private static readonly TimeSpan s_offload = TimeSpan.FromSeconds(2);

    /// <summary>How long nothing may have moved before the last packet is taken for the last. A delayed acknowledgement takes 40 ms.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private readonly IFastPathCounters _devices = devices ?? new StockCounters();

    /// <summary>
    /// Runs kinds of one path, one after the other, with so many pings, datagrams or messages in a connection for each flow. Connections are
    /// opened and used once, all of them, before the first is counted, and closed after the last was.
    /// </summary>
    public async Task<IReadOnlyList<KindCount>> RunAsync(IReadOnlyList<TrafficKind> kinds, int messages, CancellationToken token)
    {
        var counts = new List<KindCount>();
        foreach (var kind in kinds.Where(kind => kind.Expected == Expected.Everything))
        {
            counts.Add(await CountAsync(kind, flow => RunCountedAsync(flow, kind.Protocol, messages, token), token));
        }

        counts.AddRange(await RunConnectionsAsync([.. kinds.Where(kind => kind.Expected == Expected.Connections)], messages, token));
        return counts;
    }

    /// <summary>Runs a flow from its first packet to its last.</summary>
    public async Task<TrafficCount> RunAsync(Flow flow, Protocol protocol, int messages, CancellationToken token) =>
        (await RunCountedAsync(flow, protocol, messages, token)).Packets;

    /// <summary>Has every flow answered once, so that addresses are resolved before anything is counted.</summary>
    /// <exception cref="LabException">A flow that is never answered.</exception>
    public async Task WarmUpAsync(IEnumerable<Flow> flows, CancellationToken token)
    {
        foreach (var flow in flows)
        {
            var protocol = flow.IsBalanced ? Protocol.Udp : Protocol.Ping;
            await using var servers = EchoServers.Open(lab, [(flow, protocol)]);
            await Poll.UntilAsync(
                async () =>
                {
                    await using var conversation = await Conversation.OpenAsync(lab, flow, protocol, s_patience, token);
                    return await conversation.ExchangeAsync(s_patience, token);
                },
                $"a first {protocol} from {flow.Client} to {flow.ServerSeenAs} ({flow.Server})",
                TimeSpan.FromSeconds(20),
                token);
        }
    }

    private async Task<IReadOnlyList<KindCount>> RunConnectionsAsync(IReadOnlyList<TrafficKind> kinds, int messages, CancellationToken token)
    {
        await using var servers = EchoServers.Open(lab, kinds.SelectMany(kind => kind.Flows.Select(flow => (flow, kind.Protocol))));
        var open = new List<(TrafficKind Kind, IConversation Conversation)>();
        try
        {
            foreach (var (kind, flow) in kinds.SelectMany(kind => kind.Flows.Select(flow => (kind, flow))))
            {
                open.Add((kind, await Conversation.OpenAsync(lab, flow, kind.Protocol, s_patience, token)));
                await open[^1].Conversation.ExchangeAsync(s_patience, token);
            }

            await Task.Delay(await _devices.ReadAsync(token) is null ? s_silence : s_offload, TimeProvider.System, token);
            var counts = new List<KindCount>();
            foreach (var kind in kinds)
            {
                var conversations = new Queue<IConversation>(open.Where(one => one.Kind == kind).Select(one => one.Conversation));
                counts.Add(await CountAsync(kind, flow => ContinueCountedAsync(flow, conversations.Dequeue(), messages, token), token));
            }

            return counts;
        }
        finally
        {
            foreach (var (_, conversation) in open)
            {
                await conversation.DisposeAsync();
            }
        }
    }

    private async Task<KindCount> CountAsync(TrafficKind kind, Func<Flow, Task<(TrafficCount Packets, int Unanswered)>> run, CancellationToken token)
    {
        var (before, flows) = (await _devices.ReadAsync(token), new List<(TrafficCount Packets, int Unanswered)>());
        foreach (var flow in kind.Flows)
        {
            flows.Add(await run(flow));
        }

        return new KindCount(
            kind,
            [.. flows.Select(flow => flow.Packets)],
            flows.Sum(flow => flow.Unanswered),
            before is null ? null : (await _devices.ReadAsync(token))?.Since(before));
    }

    private async Task<(TrafficCount Packets, int Unanswered)> RunCountedAsync(Flow flow, Protocol protocol, int messages, CancellationToken token)
    {
        await using var counter = FlowCounter.Open(lab, flow);
        await using var servers = EchoServers.Open(lab, [(flow, protocol)]);
        int answers;
        await using (var conversation = await Conversation.OpenAsync(lab, flow, protocol, s_patience, token))
        {
            answers = await conversation.RunAsync(new Schedule(messages, s_patience), token);
        }

        return (await SettleAsync(counter, token), messages - answers);
    }

    private async Task<(TrafficCount Packets, int Unanswered)> ContinueCountedAsync(
        Flow flow, IConversation conversation, int messages, CancellationToken token)
    {
        await using var counter = FlowCounter.Open(lab, flow);
        var answers = await conversation.RunAsync(new Schedule(messages, s_patience), token);
        return (await SettleAsync(counter, token), messages - answers);
    }

    /// <summary>The last acknowledgements of a connection come after its last message, and its end.</summary>
    private static async Task<TrafficCount> SettleAsync(FlowCounter counter, CancellationToken token)
    {
        var (last, quietSince) = (default(TrafficCount), TimeProvider.System.GetTimestamp());
        while (true)
        {
            var now = counter.Count;
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
