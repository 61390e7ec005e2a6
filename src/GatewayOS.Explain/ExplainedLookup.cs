namespace GatewayOS.Explain;

/// <summary>A table that the packet met.</summary>
/// <param name="Key">What the packet had in the key: <c>FIELD=VALUE ...</c>.</param>
/// <param name="Priority">Of the entry that was hit; 0 in tables without priorities, and for a miss.</param>
/// <param name="Match">What the entry asks for; null for a miss, which leaves the packet as it is.</param>
/// <param name="Action">What was executed; null for a miss.</param>
/// <param name="Edits">What that changes in the packet.</param>
/// <param name="IsKnown">False for an entry that is not of this agent's making, so that its flows are not known.</param>
/// <param name="Flows">The logical flows that the entry stands for: those a packet passes from the lookup before on.</param>
/// <param name="Cause">Why the entry leaves packets to OVS, if it does.</param>
public sealed record ExplainedLookup(
    string Table,
    string Key,
    int Priority,
    string? Match,
    string? Action,
    IReadOnlyList<string> Edits,
    bool IsKnown,
    IReadOnlyList<ExplainedFlow> Flows,
    string? Cause)
{
    public bool IsHit => Match is not null;
}
