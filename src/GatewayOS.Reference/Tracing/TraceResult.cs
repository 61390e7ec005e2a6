using System.Collections.Immutable;

namespace GatewayOS.Reference.Tracing;

/// <summary>What happened to a packet.</summary>
/// <param name="Root">The ingress pipeline that it entered.</param>
/// <param name="Steps">All tables passed, in the order of execution.</param>
/// <param name="Outcomes">In the order of execution.</param>
/// <param name="StatesUsed">How many of the given conntrack results were asked for.</param>
/// <param name="Choices">The choices that were to be made, and how they were.</param>
public sealed record TraceResult(
    TraceNode Root,
    ImmutableArray<TraceStep> Steps,
    ImmutableArray<TraceOutcome> Outcomes,
    int StatesUsed,
    ImmutableArray<TraceChoice> Choices)
{
    /// <summary>Whether the packet passed more tables than OVS would follow, so that the rest is not known.</summary>
    public required bool IsCutShort { get; init; }

    /// <summary>Whether some step has several equally good flows, so that a real chassis may do otherwise.</summary>
    public bool IsAmbiguous => Steps.Any(step => step.IsAmbiguous);
}
