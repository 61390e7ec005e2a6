using System.Buffers.Binary;
using System.Net;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Testing.Pipeline;

/// <summary>Short ways to write entries.</summary>
public static class PipelineEntries
{
    public static UInt128 Ip(string text)
    {
        var bytes = IPAddress.Parse(text).GetAddressBytes();
        return bytes.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    public static UInt128 Mac(string text) => MacAddress.Parse(text).Value;

    public static FieldMatch Is(string field, UInt128 value) => new FieldMatch.Exact(field, value);

    public static FieldMatch Prefix(string field, UInt128 value, int length) => new FieldMatch.Lpm(field, value, length);

    public static FieldMatch Masked(string field, UInt128 value, UInt128 mask) => new FieldMatch.Ternary(field, value, mask);

    public static TableEntry Entry(string table, TableAction action, params FieldMatch[] match) => new(
        table, [.. match], Pipeline(table).HasPriority ? 1 : 0, action);

    /// <summary>An entry of a stage, which begins with the state.</summary>
    public static TableEntry Stage(string table, uint state, TableAction action, params FieldMatch[] match) =>
        Entry(table, action, [Is(KeyNames.State, state), .. match]);

    /// <summary>Both classes of a port and VLAN enter at <paramref name="state"/> as logical port 1 with tunnel key 9, space 1.</summary>
    public static IEnumerable<TableEntry> EnterPort(uint port, uint state, ushort? vlan = null) =>
        from type in new uint[] { 1, 2 }
        select Entry(
            TableNames.EntryPort, PipelineActions.Enter(state, 1, 9, 1),
            Is(KeyNames.IngressPort, port), Is(KeyNames.VlanValid, vlan is null ? 0u : 1u), Is(KeyNames.VlanId, vlan ?? 0), Is(KeyNames.Class, type));

    /// <summary>The default tunnel of <see cref="TunnelLayer"/> at port 1: its peer is known and both classes enter at <paramref name="state"/>.</summary>
    public static IEnumerable<TableEntry> EnterTunnel(uint state, uint type = 1, bool anyInKey = false, ushort peer = 0, ushort inKey = 0)
    {
        yield return Entry(
            TableNames.TunnelPeer, PipelineActions.KnownPeer(peer),
            Is(KeyNames.IngressPort, 1), Masked(KeyNames.OuterEthDst, Mac("02:00:00:00:0a:01"), 0xffffffffffff),
            Is(KeyNames.TunnelType, type), Is(KeyNames.OuterSrc, Ip("192.0.2.2")), Is(KeyNames.OuterDst, Ip("192.0.2.1")));
        foreach (var kind in new uint[] { 1, 2 })
        {
            FieldMatch[] key =
            [
                Is(KeyNames.TunnelType, type), Is(KeyNames.Vni, 7), Is(KeyNames.OutKey, type == 1 ? 5u : 0u), Is(KeyNames.Class, kind),
            ];
            yield return Entry(
                TableNames.EntryTunnel, PipelineActions.Enter(state, 2, 3, 1), anyInKey ? key : [.. key, Prefix(KeyNames.InKey, type == 1 ? 3u : inKey, 16)]);
        }
    }

    /// <summary>Output 20: port 2, no wrapping.</summary>
    public static IEnumerable<TableEntry> PlainOutput(ushort output = 20, uint port = 2, ushort maxLength = 1514) =>
    [
        Entry(TableNames.Output, PipelineActions.Unicast(port, maxLength), Is(KeyNames.Out, output)),
        Entry(TableNames.Framing, PipelineActions.Plain, Is(KeyNames.Out, output)),
    ];

    /// <summary>Output 30: the tunnel back to the default peer by port 1, with TOS 0x48.</summary>
    public static IEnumerable<TableEntry> TunnelOutput(bool vxlan = false, bool checksum = true, ushort inKey = 3) =>
    [
        Entry(TableNames.Output, PipelineActions.Unicast(1, 1514), Is(KeyNames.Out, 30)),
        Entry(TableNames.Framing, vxlan ? PipelineActions.Vxlan(7, 4) : PipelineActions.Geneve(7, inKey, 5, 4), Is(KeyNames.Out, 30)),
        Entry(
            TableNames.Encap,
            PipelineActions.Outer4(
                (ulong)Mac("02:00:00:00:0a:02"), (ulong)Mac("02:00:00:00:0a:01"), (uint)Ip("192.0.2.2"), (uint)Ip("192.0.2.1"), 0x48, 64, checksum),
            Is(KeyNames.Encap, 4)),
    ];

    private static TableShape Pipeline(string table) => P4.Pipeline.TablesByName[table];
}
