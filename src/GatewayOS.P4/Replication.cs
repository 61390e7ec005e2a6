namespace GatewayOS.P4;

/// <summary>Multicast groups, written as entries of a table of their own: so whoever keeps and orders entries keeps groups, too.</summary>
/// <remarks>No packet meets that table. At the device the entry is a <see cref="MulticastGroup"/>.</remarks>
public static class Replication
{
    public const string Table = "replication";

    /// <summary>How many groups there may be; their numbers are below (bmv2 has no higher ones, bm_sim/simple_pre.h).</summary>
    public const int Size = 4096;

    /// <summary>How many copies a group may have.</summary>
    public const int LargestGroup = 64;

    private const string Copy = "copy";

    public static TableEntry EntryOf(MulticastGroup group) => new(
        Table, [new FieldMatch.Exact(ParameterNames.McastGroup, group.Group)], 0, new ActionSet([.. group.Replicas.Order().Select(Call)]));

    /// <summary>What a device is told.</summary>
    public static MulticastGroup GroupOf(TableEntry entry) =>
        new((uint)((FieldMatch.Exact)entry.Match[0]).Value, [.. ((ActionSet)entry.Action).Calls.Select(copy => ReplicaOf(copy.Call)).Order()]);

    public static bool IsGroup(EntryKey key) => key.Table == Table;

    private static WeightedCall Call(Replica replica) => new(
        new ActionCall(Copy, [new ActionArgument(ParameterNames.Port, replica.Port), new ActionArgument(ParameterNames.Out, replica.Instance)]), 1);

    private static Replica ReplicaOf(ActionCall copy) => new((uint)copy[ParameterNames.Port], (uint)copy[ParameterNames.Out]);
}
