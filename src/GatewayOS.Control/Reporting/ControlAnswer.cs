namespace GatewayOS.Control.Reporting;

/// <summary>One of these.</summary>
public sealed record ControlAnswer
{
    public AgentStatus? Status { get; init; }

    public IReadOnlyList<EntryStatus>? Entries { get; init; }

    public string? Error { get; init; }
}
