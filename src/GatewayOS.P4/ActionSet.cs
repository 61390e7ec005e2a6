using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>
/// A whole group of weighted calls held by the entry itself ("one shot", P4Runtime 1.5, 9.2.3): the target makes and removes
/// the members and the group, so a change of the group is one atomic change of one entry.
/// </summary>
public sealed record ActionSet(EquatableArray<WeightedCall> Calls) : TableAction
{
    public override string ToString() => $"{{{string.Join(" | ", Calls)}}}";
}
