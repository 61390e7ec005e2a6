using GatewayOS.Core;

namespace GatewayOS.Lab.Traffic;

/// <summary>What became of the traffic of a kind while it was counted.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Flows">Packets at the ends, flow by flow as the kind has them.</param>
/// <param name="Unanswered">Messages that were not answered.</param>
/// <param name="Devices">What the devices on the way did, a packet counted once on each; null without a device.</param>
public sealed record KindCount(TrafficKind Kind, EquatableArray<TrafficCount> Flows, int Unanswered, FastPathCounts? Devices)
{
    public TrafficCount Ends => Flows.Aggregate(default(TrafficCount), (sum, flow) => sum + flow);

    /// <summary>Everything that was sent arrived, and was answered.</summary>
    public bool IsComplete => Unanswered == 0 && Ends.Lost == 0;

    /// <summary>How many packets the devices have to have seen, if all flows of the kind say which chassis they pass.</summary>
    public long Crossings => Kind.Flows.Zip(Flows, (flow, count) => flow.Via.Count * count.Sent).Sum();

    /// <summary>Packets that the devices forwarded themselves, of all that they saw; null if there were none.</summary>
    public double? Share => Devices is { FastPath: var fast, ThroughOvs: var slow } && fast + slow > 0 ? (double)fast / (fast + slow) : null;
}
