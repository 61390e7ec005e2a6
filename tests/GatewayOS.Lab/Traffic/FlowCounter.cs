using System.Net;
using GatewayOS.Lab.Running;

namespace GatewayOS.Lab.Traffic;

/// <summary>Counts the packets of flows at all their ends; flows between the same addresses count once.</summary>
internal sealed class FlowCounter : IAsyncDisposable
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    private readonly List<PacketCounter> _ends;

    private FlowCounter(List<PacketCounter> ends) => _ends = ends;

    /// <summary>What is on its way is sent and not received.</summary>
    public TrafficCount Count => _ends.Aggregate(default(TrafficCount), (sum, end) => sum + end.Count);

    public static FlowCounter Open(LabNetwork lab, params IEnumerable<Flow> flows) => new(
        [.. flows.SelectMany(Ends).Distinct().Select(end => PacketCounter.Open(lab, end.Node, end.Remote))]);

    /// <summary>Waits until all that was sent has come, or nothing has for a while.</summary>
    public async Task<TrafficCount> SettledAsync(TimeSpan silence, CancellationToken token)
    {
        var (last, quietSince) = (Count, TimeProvider.System.GetTimestamp());
        while (last.Received < last.Sent && TimeProvider.System.GetElapsedTime(quietSince) < silence)
        {
            await Task.Delay(s_step, TimeProvider.System, token);
            if (Count is var now && now != last)
            {
                (last, quietSince) = (now, TimeProvider.System.GetTimestamp());
            }
        }

        return last;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var end in _ends)
        {
            await end.DisposeAsync();
        }
    }

    private static IEnumerable<(string Node, IPAddress Remote)> Ends(Flow flow) => [(flow.Client, flow.ServerSeenAs), .. flow.Servers.Select(server => (server.Node, flow.ClientSeenAs))];
}
