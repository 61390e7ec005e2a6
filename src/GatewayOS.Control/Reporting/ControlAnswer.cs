using GatewayOS.Explain;

namespace GatewayOS.Control.Reporting;

/// <summary>One of these.</summary>
public sealed record ControlAnswer
{
    public AgentStatus? Status { get; init; }

    public IReadOnlyList<EntryStatus>? Entries { get; init; }

    public Explanation? Explanation { get; init; }

    public IReadOnlyList<PuntReport>? Punts { get; init; }

    public IReadOnlyList<FlowCount>? Flows { get; init; }

    public IReadOnlyList<ConnectionReport>? Connections { get; init; }

    public string? Error { get; init; }
}
