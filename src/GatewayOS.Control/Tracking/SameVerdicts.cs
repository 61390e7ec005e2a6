using System.Diagnostics.CodeAnalysis;
using GatewayOS.Compiler.Tracking;

namespace GatewayOS.Control.Tracking;

/// <summary>Whether two evaluations lead to the same entries; the flows passed may be others.</summary>
internal sealed class SameVerdicts : IEqualityComparer<TrackedPackets>
{
    public static SameVerdicts Instance { get; } = new();

    public bool Equals(TrackedPackets? x, TrackedPackets? y) =>
        x is not null && y is not null && x.LogicalPort == y.LogicalPort && x.Tuple == y.Tuple
        && x.Verdicts.Select(verdict => (verdict.Place, verdict.Output, verdict.Edits, verdict.Rewrite))
            .ToHashSet().SetEquals(y.Verdicts.Select(verdict => (verdict.Place, verdict.Output, verdict.Edits, verdict.Rewrite)));

    public int GetHashCode([DisallowNull] TrackedPackets obj) => HashCode.Combine(obj.LogicalPort, obj.Tuple);
}
