using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>A table holds at most one entry for a match and priority.</summary>
public sealed record EntryKey(string Table, EquatableArray<FieldMatch> Match, int Priority) : EntityKey
{
    public override string ToString() => $"{Table}[{Priority}]({string.Join(' ', Match)})";
}
