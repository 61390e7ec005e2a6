using GatewayOS.P4;

namespace GatewayOS.Bmv2;

/// <summary>A table that was applied.</summary>
/// <param name="Table">Its full name in the program.</param>
/// <param name="Entry">The entry that was hit, null for a miss.</param>
/// <param name="Action">The action that was executed, null for none.</param>
public sealed record TraceStep(string Table, TableEntry? Entry, string? Action)
{
    public bool Hit => Entry is not null;
}
