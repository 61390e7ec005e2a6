using GatewayOS.Compiler.Tracking;

namespace GatewayOS.Control.Tracking;

/// <summary>The packets of one direction of a connection in the zone that they ask first, and what is written for them.</summary>
/// <param name="question">The packets, and the zone.</param>
internal sealed class TrackedDirection(ConntrackQuestion question)
{
    public ConntrackQuestion Question => question;

    /// <summary>As evaluated last, for each logical port that they come in by.</summary>
    public IReadOnlyList<TrackedPackets> Packets { get; set; } = [];

    /// <summary>What the device has.</summary>
    public List<WrittenConnection> Written { get; } = [];

    /// <summary>Whether it waits for its turn to be written.</summary>
    public bool IsWaiting { get; set; }

    /// <summary>Whether OVS is to see its next packet, however often it is written anew until then.</summary>
    public bool Rests { get; set; }

    /// <summary>A moment at which its tracker knew it, from when the device last had it; null if it never had.</summary>
    public long? Known { get; private set; }

    /// <summary>Whether the device forwards its packets.</summary>
    public bool IsOffloaded => Written.Exists(written => written.Rest is null);

    /// <summary>Whether the device does all that was evaluated.</summary>
    public bool IsWritten => Written.Count > 0 && Packets.Where(packets => packets.Verdicts.Count > 0).SequenceEqual(Written.Select(written => written.Packets), SameWay.Instance);

    /// <summary>Whether there is anything to write.</summary>
    public bool HasVerdicts => Packets.Any(packets => packets.Verdicts.Count > 0);

    /// <summary>The device no longer has it, or will not have.</summary>
    public void ForgetWritten()
    {
        Known = Written.Min(written => written.Known) ?? Known;
        Written.Clear();
    }

    // The flows passed may be others: they are no part of the entries.
    private sealed class SameWay : IEqualityComparer<TrackedPackets>
    {
        public static readonly SameWay Instance = new();

        public bool Equals(TrackedPackets? x, TrackedPackets? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.LogicalPort == y.LogicalPort && x.Tuple == y.Tuple
                && x.Verdicts.Select(Way).ToHashSet().SetEquals(y.Verdicts.Select(Way)));

        public int GetHashCode(TrackedPackets obj) => HashCode.Combine(obj.LogicalPort, obj.Tuple);

        private static object Way(TrackedVerdict verdict) => (verdict.Place, verdict.Destination, verdict.Output, verdict.Edits, verdict.Rewrite);
    }
}
