using System.Globalization;
using GatewayOS.P4;

namespace GatewayOS.Control.Tests.Reconciling;

/// <summary>What the pipeline does with each packet of a small world, by the rules of p4/README.md.</summary>
internal static class Walk
{
    public const string Punt = "punt";

    private static readonly Dictionary<string, int> s_widths = new() { [KeyNames.EthDst] = 48, [KeyNames.Dst] = 32, [KeyNames.Address] = 32, [KeyNames.InKey] = 16 };

    private static readonly string[] s_stages = [TableNames.L2, TableNames.Route4, TableNames.AclTo4];

    /// <summary>Every packet: by port 1 or 2 or by the tunnel with input key 7 or 8, to three MAC and four IP addresses.</summary>
    public static IReadOnlyList<(string Entry, uint In, uint EthDst, uint Dst)> Packets { get; } =
    [
        .. from entry in new[] { (TableNames.EntryPort, 1u), (TableNames.EntryPort, 2u), (TableNames.EntryTunnel, 7u), (TableNames.EntryTunnel, 8u) }
           from mac in Enumerable.Range(0, 3)
           from ip in Enumerable.Range(0, 4)
           select (entry.Item1, entry.Item2, (uint)mac, (uint)ip),
    ];

    public static string[] All(IReadOnlyCollection<TableEntry> entries)
    {
        // By table and first exact key, or every packet would look at every entry.
        var tables = entries.ToLookup(entry => (entry.Table, (uint)((FieldMatch.Exact)entry.Match[0]).Value));
        return [.. Packets.Select(packet => One(tables, packet))];
    }

    private static string One(ILookup<(string Table, uint Key), TableEntry> tables, (string Entry, uint In, uint EthDst, uint Dst) packet)
    {
        var fields = new Dictionary<string, uint>
        {
            [KeyNames.IngressPort] = packet.In,
            [KeyNames.VlanValid] = 0,
            [KeyNames.VlanId] = 0,
            [KeyNames.Class] = 1,
            [KeyNames.TunnelType] = 1,
            [KeyNames.Vni] = 5,
            [KeyNames.OutKey] = 3,
            [KeyNames.InKey] = packet.In,
            [KeyNames.EthDst] = packet.EthDst,
            [KeyNames.Dst] = packet.Dst,
            [KeyNames.State] = 0,
        };
        if (Hit(tables[(packet.Entry, packet.Entry == TableNames.EntryPort ? packet.In : 1)], fields) is not { Name: ActionNames.Enter } enter)
        {
            return Punt;
        }

        fields[KeyNames.State] = (uint)enter[ParameterNames.State];
        fields[KeyNames.Space] = (uint)enter[ParameterNames.Space];
        fields[KeyNames.Address] = packet.Dst;
        fields[KeyNames.DstClass] = (uint)(Hit(tables[(TableNames.DstClass4, fields[KeyNames.Space])], fields)?[ParameterNames.Bits] ?? 0);
        foreach (var stage in s_stages)
        {
            switch (Hit(tables[(stage, fields[KeyNames.State])], fields))
            {
                case { Name: ActionNames.Go } go:
                    fields[KeyNames.State] = (uint)go[ParameterNames.Next];
                    break;
                case { Name: ActionNames.Forward } forward:
                    return Forward(tables, (uint)forward[ParameterNames.Out]);
                case { Name: ActionNames.ForwardEdit } metered:
                    return Forward(tables, (uint)metered[ParameterNames.Out]) + Limit(tables, (uint)metered[ParameterNames.Meter]);
                case { Name: ActionNames.Deny }:
                    return "deny";
                case { Name: ActionNames.Punt }:
                    return Punt;
                default:
                    break;
            }
        }

        return Punt;
    }

    private static string Forward(ILookup<(string Table, uint Key), TableEntry> tables, uint output)
    {
        var fields = new Dictionary<string, uint> { [KeyNames.Out] = output };
        if (Hit(tables[(TableNames.Output, output)], fields) is not { } unicast)
        {
            return Punt;
        }

        if (Hit(tables[(TableNames.Framing, output)], fields) is not { } framing)
        {
            return "corrupt: no framing";
        }

        if (framing.Name != ActionNames.Geneve)
        {
            return string.Create(CultureInfo.InvariantCulture, $"port {unicast[ParameterNames.Port]} plain");
        }

        fields[KeyNames.Encap] = (uint)framing[ParameterNames.Encap];
        return Hit(tables[(TableNames.Encap, fields[KeyNames.Encap])], fields) is { } outer
            ? string.Create(CultureInfo.InvariantCulture, $"port {unicast[ParameterNames.Port]} vni {framing[ParameterNames.Vni]} to {outer[ParameterNames.Dst]}")
            : "corrupt: no encapsulation";
    }

    private static string Limit(ILookup<(string Table, uint Key), TableEntry> tables, uint meter) =>
        tables[(Metering.Table, meter)].SingleOrDefault() is { } entry ? $" at most {Metering.CellOf(entry).Rate}" : " corrupt: no meter";

    private static ActionCall? Hit(IEnumerable<TableEntry> table, Dictionary<string, uint> fields) =>
        (ActionCall?)table.Where(entry => entry.Match.All(match => Matches(match, fields[match.Field])))
            .MaxBy(entry => (entry.Priority, entry.Match.OfType<FieldMatch.Lpm>().Sum(match => match.PrefixLength)))?.Action;

    private static bool Matches(FieldMatch match, uint value) => match switch
    {
        FieldMatch.Exact exact => exact.Value == value,
        FieldMatch.Lpm lpm => lpm.Value >> Shift(lpm) == (UInt128)value >> Shift(lpm),
        FieldMatch.Ternary ternary => ternary.Value == (value & ternary.Mask),
        _ => false,
    };

    private static int Shift(FieldMatch.Lpm lpm) => s_widths[lpm.Field] - lpm.PrefixLength;
}
