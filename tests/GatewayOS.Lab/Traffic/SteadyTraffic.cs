using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Traffic of several flows at once that goes on until it is stopped, counted at both ends, packet by packet.</summary>
/// <remarks>
/// Each flow has one message on its way, so that a slow machine makes it slower and not lossy: what is lost, is lost by a fault.
/// A message that is not answered in time is followed by the next, so a fault costs more the longer it lasts.
/// </remarks>
public sealed class SteadyTraffic : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(4);

    /// <summary>How late the last packets may be: this long after the last movement they count as lost.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(Flow Flow, PacketCounter Client, PacketCounter Server)> _counters;
    private readonly Task _sending;

    private SteadyTraffic(LabNetwork lab, IReadOnlyList<(Flow Flow, Protocol Protocol)> flows, CancellationToken token)
    {
        _counters = [.. flows.Select(one => (
            one.Flow, PacketCounter.Open(lab, one.Flow.Client, one.Flow.ServerSeenAs), PacketCounter.Open(lab, one.Flow.Server, one.Flow.ClientSeenAs)))];
        var schedule = new Schedule(int.MaxValue, s_patience, s_pause, _stop.Token);
        _sending = SendAsync(lab, flows, schedule, token);
    }

    /// <summary>Both directions of all flows so far; what is on its way is sent and not received.</summary>
    public TrafficCount Count => _counters.Aggregate(default(TrafficCount), (sum, one) => sum + one.Client.Count + one.Server.Count);

    /// <summary>Flow by flow, for messages.</summary>
    public override string ToString() => string.Join("; ", _counters.Select(one =>
        $"{one.Flow.Client} -> {one.Flow.Server}: {one.Flow.Client} {one.Client.Count}, {one.Flow.Server} {one.Server.Count}"));

    /// <param name="lab">Where the flows are.</param>
    /// <param name="flows">Pings or datagrams between different pairs of addresses.</param>
    /// <param name="token">Breaks it off.</param>
    public static SteadyTraffic Start(LabNetwork lab, IReadOnlyList<(Flow Flow, Protocol Protocol)> flows, CancellationToken token) =>
        flows.Any(one => one.Protocol == Protocol.Tcp)
            ? throw new ArgumentException("A connection sends again what is lost: count datagrams.", nameof(flows))
            : new SteadyTraffic(lab, flows, token);

    /// <summary>Waits until so many more packets have been sent.</summary>
    /// <exception cref="LabException">They were not sent in time.</exception>
    public Task FlowAsync(long packets, CancellationToken token)
    {
        var enough = Count.Sent + packets;
        return Poll.UntilAsync(() => Task.FromResult(Count.Sent >= enough), $"{packets} more packets", TimeSpan.FromSeconds(60), token);
    }

    /// <summary>Stops sending, and waits for what is on its way.</summary>
    public async Task<TrafficCount> StopAsync(CancellationToken token)
    {
        await _stop.CancelAsync();
        await _sending;
        var (last, quietSince) = (Count, TimeProvider.System.GetTimestamp());
        while (last.Received < last.Sent && TimeProvider.System.GetElapsedTime(quietSince) < s_silence)
        {
            await Task.Delay(s_step, TimeProvider.System, token);
            if (Count is var now && now != last)
            {
                (last, quietSince) = (now, TimeProvider.System.GetTimestamp());
            }
        }

        return Count;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var (_, client, server) in _counters)
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }

        _stop.Dispose();
    }

    private static async Task SendAsync(LabNetwork lab, IReadOnlyList<(Flow Flow, Protocol Protocol)> flows, Schedule schedule, CancellationToken token)
    {
        await using var servers = EchoServers.Open(lab, flows);
        await Task.WhenAll(flows.Select(async one =>
        {
            await using var conversation = await Conversation.OpenAsync(lab, one.Flow, one.Protocol, schedule.Patience, token);
            await conversation.RunAsync(schedule, token);
        }));
    }
}
