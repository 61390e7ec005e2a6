using GatewayOS.P4;

namespace GatewayOS.Control.Reconciling;

/// <summary>How entries of the pipeline point at each other (p4/README.md).</summary>
/// <remarks>
/// <code>
///   tunnel_peer   entry_port, entry_tunnel --state--> stage entries --next--> stage entries of later stages
///   connection -index-> connection_edit -out-+           |
///                                            +--out--> output -out-> framing -encap-> encap
///                                                         | mcast_group
///                                                         +-> replication --out--> output of each copy
///   what edits --meter, meter2--> metering
/// </code>
/// An entry with a group is of use when something points at the group; an entry without one, a root, is where packets come in.
/// </remarks>
public static class EntryGraph
{
    /// <summary>The levels in the order of writing: an entry points only at entries of lower levels, except that roots stand last.</summary>
    private static readonly Dictionary<string, int> s_levels = new[]
    {
        Metering.Table, TableNames.Encap, TableNames.Framing, TableNames.Output, Replication.Table, TableNames.ConnectionEdit,
        TableNames.AclTo4, TableNames.AclTo6, TableNames.L2To, TableNames.Neighbor4, TableNames.Neighbor6, TableNames.Select,
        TableNames.Transit4, TableNames.Transit6, TableNames.Policy4, TableNames.Policy6, TableNames.Route4, TableNames.Route6,
        TableNames.Special4, TableNames.Special6, TableNames.L2, TableNames.Guard4, TableNames.Guard6,
        TableNames.DstClass4, TableNames.DstClass6, TableNames.SrcClass4, TableNames.SrcClass6,
        TableNames.Connection4, TableNames.Connection6, TableNames.TunnelPeer, TableNames.EntryPort, TableNames.EntryTunnel,
    }.Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index * 2);

    /// <summary>Entries are inserted from the lowest level to the highest and deleted the other way.</summary>
    public static int Level(TableEntry entry) =>
        IsOutputOfGroup(entry) ? s_levels[Replication.Table] + 1
        : s_levels[entry.Table] + (entry.Table == TableNames.EntryTunnel && !IsSpecific(entry) ? 1 : 0);

    /// <summary>The group that the entry is a row of, or null for a root of its own.</summary>
    public static EntryGroup? GroupOf(TableEntry entry) => entry.Table switch
    {
        Metering.Table => new EntryGroup(GroupKind.Meter, FirstKey(entry)),
        TableNames.Encap => new EntryGroup(GroupKind.Encapsulation, FirstKey(entry)),
        TableNames.Framing => new EntryGroup(GroupKind.Framing, FirstKey(entry)),
        TableNames.Output => new EntryGroup(GroupKind.Output, FirstKey(entry)),
        Replication.Table => new EntryGroup(GroupKind.Replication, FirstKey(entry)),
        TableNames.ConnectionEdit => new EntryGroup(GroupKind.Connection, FirstKey(entry)),
        TableNames.SrcClass4 or TableNames.SrcClass6 or TableNames.DstClass4 or TableNames.DstClass6 => new EntryGroup(GroupKind.Space, FirstKey(entry)),
        TableNames.Connection4 or TableNames.Connection6 or TableNames.TunnelPeer or TableNames.EntryPort => null,
        TableNames.EntryTunnel => new EntryGroup(GroupKind.Tunnel, TunnelKey(entry)),
        _ => new EntryGroup(GroupKind.State, FirstKey(entry)),
    };

    /// <summary>Whether an argument of an action stands for a group.</summary>
    public static bool IsNumber(string parameter) =>
        parameter is ParameterNames.Meter or ParameterNames.Meter2 or ParameterNames.McastGroup or ParameterNames.Next or ParameterNames.State or ParameterNames.Out or ParameterNames.Encap or ParameterNames.Index or ParameterNames.Space;

    /// <summary>Packets come in here: the entry is reached without another one.</summary>
    public static bool IsRoot(TableEntry entry) => GroupOf(entry) is null or { IsRoot: true };

    /// <summary>The groups that the entry points at.</summary>
    public static IEnumerable<EntryGroup> TargetsOf(TableEntry entry)
    {
        if (IsFramed(entry))
        {
            yield return new EntryGroup(GroupKind.Framing, FirstKey(entry));
        }

        switch (entry.Action)
        {
            case ActionCall call:
                foreach (var target in TargetsOf(call))
                {
                    yield return target;
                }

                break;
            case ActionSet set:
                foreach (var target in set.Calls.SelectMany(one => TargetsOf(one.Call)))
                {
                    yield return target;
                }

                break;
            default:
                break;
        }
    }

    private static IEnumerable<EntryGroup> TargetsOf(ActionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            var value = (ulong)argument.Value;
            switch (argument.Name)
            {
                case ParameterNames.Next or ParameterNames.State:
                    yield return new EntryGroup(GroupKind.State, value);
                    break;
                case ParameterNames.Out:
                    yield return new EntryGroup(GroupKind.Output, value);
                    break;
                case ParameterNames.Meter or ParameterNames.Meter2 when value != 0:
                    yield return new EntryGroup(GroupKind.Meter, value);
                    break;
                case ParameterNames.McastGroup:
                    yield return new EntryGroup(GroupKind.Replication, value);
                    break;
                case ParameterNames.Encap:
                    yield return new EntryGroup(GroupKind.Encapsulation, value);
                    break;
                case ParameterNames.Index:
                    yield return new EntryGroup(GroupKind.Connection, value);
                    break;
                case ParameterNames.Space when value != 0:
                    yield return new EntryGroup(GroupKind.Space, value);
                    break;
                default:
                    break;
            }
        }
    }

    private static bool IsOutputOfGroup(TableEntry entry) => entry is { Table: TableNames.Output, Action: ActionCall { Name: ActionNames.Group } };

    private static bool IsFramed(TableEntry entry) => entry is { Table: TableNames.Output, Action: ActionCall { Name: ActionNames.Unicast } };

    private static bool IsSpecific(TableEntry entry) => entry.Match is [.., FieldMatch.Lpm];

    // The first key of every table with groups is exact and at most 24 bits wide.
    private static ulong FirstKey(TableEntry entry) => (ulong)((FieldMatch.Exact)entry.Match[0]).Value;

    // tunnel_type 2, vni 24, out_key 16, class 2 bits.
    private static ulong TunnelKey(TableEntry entry)
    {
        var key = 0UL;
        foreach (var match in entry.Match)
        {
            if (match is FieldMatch.Exact(var field, var value))
            {
                key = key << Width(field) | (ulong)value;
            }
        }

        return key;
    }

    private static int Width(string field) => field switch
    {
        KeyNames.Vni => 24,
        KeyNames.OutKey => 16,
        _ => 2,
    };
}
