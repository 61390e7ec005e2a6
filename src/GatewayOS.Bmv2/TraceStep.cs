using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>A table that was applied.</summary>
/// <param name="Table">Its full name in the program.</param>
/// <param name="Key">What the packet had in the fields of the key, each in full width, by the names the control plane uses.</param>
/// <param name="Entry">The entry that was hit, null for a miss.</param>
/// <param name="Call">What was executed: of a group the member that was chosen; null for nothing.</param>
public sealed record TraceStep(string Table, IReadOnlyList<FieldMatch.Exact> Key, TableEntry? Entry, ActionCall? Call)
{
    public bool Hit => Entry is not null;
}
