using System.Collections.Frozen;
using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>The shape of <c>p4/gateway.p4</c>: every table, key field and action with its widths; <c>p4/README.md</c> says what they mean.</summary>
/// <remarks>A test keeps it equal to the committed P4Info. Order matters: keys, parameters and tables stand as in the program.</remarks>
public static class Pipeline
{
    public const int StateWidth = 20;
    public const int InPortWidth = 24;
    public const int SpaceWidth = 16;
    public const int ClassBits = 64;
    public const int OutWidth = 16;
    public const int ReasonWidth = 16;
    public const int ConnectionIndexWidth = 24;
    public const int TtlDecrementWidth = 4;

    /// <summary>Front ports are 1..255; the exception port of a front port differs from it in this bit.</summary>
    public const uint ExceptionPortBit = 256;

    /// <summary>An IPv4 TTL or IPv6 hop limit below this makes a packet class 0.</summary>
    public const int TtlGuard = 8;

    private static readonly ParameterShape[] s_edits =
    [
        new(ParameterNames.Edits, 8), new(ParameterNames.EthSrc, 48), new(ParameterNames.EthDst, 48),
        new(ParameterNames.TtlDec, TtlDecrementWidth), new(ParameterNames.Dscp, 6), new(ParameterNames.Meter, 16), new(ParameterNames.Meter2, 16),
    ];

    private static readonly string[] s_stage =
    [
        ActionNames.Go, ActionNames.GoEdit, ActionNames.Forward, ActionNames.ForwardEdit, ActionNames.Deny, ActionNames.Track, ActionNames.TrackEdit, ActionNames.Punt,
    ];

    private static readonly string[] s_stage4 = [.. s_stage, ActionNames.GoSrc4, ActionNames.GoDst4];

    private static readonly string[] s_stage6 = [.. s_stage, ActionNames.GoSrc6, ActionNames.GoDst6];

    private static readonly string[] s_turning4 = [.. s_stage4, ActionNames.Turn, ActionNames.TurnEth, ActionNames.Answer];

    private static readonly string[] s_turning6 = [.. s_stage6, ActionNames.Turn, ActionNames.TurnEth];

    private static readonly KeyShape s_state = new(KeyNames.State, MatchKind.Exact, StateWidth);

    /// <summary>The actions by name.</summary>
    public static FrozenDictionary<string, ActionShape> Actions { get; } = new ActionShape[]
    {
        new(ActionNames.KnownPeer, [new(ParameterNames.InKey, 16)]),
        new(ActionNames.Enter,
            [
                new(ParameterNames.State, StateWidth), new(ParameterNames.InPort, InPortWidth), new(ParameterNames.InKey, 16),
                new(ParameterNames.Space, SpaceWidth),
            ]),
        new(ActionNames.SetSrcClass, [new(ParameterNames.Bits, ClassBits)]),
        new(ActionNames.SetDstClass, [new(ParameterNames.Bits, ClassBits)]),
        new(ActionNames.SetConnection, [new(ParameterNames.Index, ConnectionIndexWidth)]),
        new(ActionNames.Go, [new(ParameterNames.Next, StateWidth)]),
        new(ActionNames.GoEdit, [new(ParameterNames.Next, StateWidth), .. s_edits]),
        new(ActionNames.GoSrc4, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Address, 32)]),
        new(ActionNames.GoDst4, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Address, 32)]),
        new(ActionNames.GoSrc6, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Address, 128)]),
        new(ActionNames.GoDst6, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Address, 128)]),
        new(ActionNames.Turn, [new(ParameterNames.Next, StateWidth), new(ParameterNames.IcmpType, 8), new(ParameterNames.Ttl, 8)]),
        new(ActionNames.TurnEth, [new(ParameterNames.Next, StateWidth)]),
        new(ActionNames.Answer, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Address, 48)]),
        new(ActionNames.Forward, [new(ParameterNames.Out, OutWidth), new(ParameterNames.Loop, InPortWidth)]),
        new(ActionNames.ForwardEdit, [new(ParameterNames.Out, OutWidth), new(ParameterNames.Loop, InPortWidth), .. s_edits]),
        new(ActionNames.Deny, []),
        new(ActionNames.Track, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Reason, ReasonWidth)]),
        new(ActionNames.TrackEdit, [new(ParameterNames.Next, StateWidth), new(ParameterNames.Reason, ReasonWidth), .. s_edits]),
        new(ActionNames.Punt, [new(ParameterNames.Reason, ReasonWidth)]),
        Finish(ActionNames.Finish4, 32),
        Finish(ActionNames.Finish6, 128),
        new(ActionNames.Unicast, [new(ParameterNames.Port, 9), new(ParameterNames.MaxLen, 16)]),
        new(ActionNames.Group, [new(ParameterNames.McastGroup, 16), new(ParameterNames.MaxLen, 16)]),
        new(ActionNames.Discard, [new(ParameterNames.MaxLen, 16)]),
        new(ActionNames.Plain, []),
        new(ActionNames.Vlan, [new(ParameterNames.Vid, 12)]),
        new(ActionNames.Geneve,
            [new(ParameterNames.Vni, 24), new(ParameterNames.InKey, 16), new(ParameterNames.OutKey, 16), new(ParameterNames.Encap, 16)]),
        new(ActionNames.Vxlan, [new(ParameterNames.Vni, 24), new(ParameterNames.Encap, 16)]),
        new(ActionNames.Outer4,
            [
                new(ParameterNames.EthSrc, 48), new(ParameterNames.EthDst, 48), new(ParameterNames.Src, 32), new(ParameterNames.Dst, 32),
                new(ParameterNames.Tos, 8), new(ParameterNames.Ttl, 8), new(ParameterNames.Csum, 1),
            ]),
    }.ToFrozenDictionary(action => action.Name);

    /// <summary>The tables, in the order in which a packet meets them.</summary>
    public static EquatableArray<TableShape> Tables { get; } =
    [
        new(TableNames.TunnelPeer,
            [
                Exact(KeyNames.IngressPort, 9), Ternary(KeyNames.OuterEthDst, 48), Exact(KeyNames.TunnelType, 2),
                Exact(KeyNames.OuterSrc, 32), Exact(KeyNames.OuterDst, 32),
            ],
            [ActionNames.KnownPeer], 4096),
        new(TableNames.EntryTunnel,
            [
                Exact(KeyNames.TunnelType, 2), Exact(KeyNames.Vni, 24), Exact(KeyNames.OutKey, 16), Exact(KeyNames.Class, 3),
                Lpm(KeyNames.InKey, 16),
            ],
            [ActionNames.Enter, ActionNames.Punt], 65536),
        new(TableNames.EntryPort,
            [Exact(KeyNames.IngressPort, 9), Exact(KeyNames.VlanValid, 1), Exact(KeyNames.VlanId, 12), Exact(KeyNames.Class, 3)],
            [ActionNames.Enter, ActionNames.Punt], 16384),
        ClassBitsTable(TableNames.SrcClass4, 32, ActionNames.SetSrcClass),
        ClassBitsTable(TableNames.SrcClass6, 128, ActionNames.SetSrcClass),
        ClassBitsTable(TableNames.DstClass4, 32, ActionNames.SetDstClass),
        ClassBitsTable(TableNames.DstClass6, 128, ActionNames.SetDstClass),
        Connection(TableNames.Connection4, 32),
        Connection(TableNames.Connection6, 128),
        new(TableNames.Guard4, [s_state, Ternary(KeyNames.EthSrc, 48), Ternary(KeyNames.Src, 32)], [.. s_stage4], 16384),
        new(TableNames.Guard6, [s_state, Ternary(KeyNames.EthSrc, 48), Ternary(KeyNames.Src, 128)], [.. s_stage6], 16384),
        new(TableNames.L2, [s_state, Lpm(KeyNames.EthDst, 48)], [.. s_stage], 65536),
        new(TableNames.Special4, Wide(32), [.. s_turning4], 16384),
        new(TableNames.Special6, Wide(128), [.. s_turning6], 16384),
        new(TableNames.Route4, [s_state, Lpm(KeyNames.Dst, 32)], [.. s_stage4], 65536),
        new(TableNames.Route6, [s_state, Lpm(KeyNames.Dst, 128)], [.. s_stage6], 65536),
        new(TableNames.Policy4, FiveTuple(32), [.. s_turning4], 8192),
        new(TableNames.Policy6, FiveTuple(128), [.. s_turning6], 8192),
        new(TableNames.Transit4, [s_state, Lpm(KeyNames.Dst, 32)], [.. s_stage4, ActionNames.TurnEth], 65536),
        new(TableNames.Transit6, [s_state, Lpm(KeyNames.Dst, 128)], [.. s_stage6, ActionNames.TurnEth], 65536),
        new(TableNames.Select, [s_state], [.. s_stage], 8192, ProfileNames.SelectProfile),
        new(TableNames.Neighbor4, [s_state, Lpm(KeyNames.Dst, 32)], [.. s_stage4], 65536),
        new(TableNames.Neighbor6, [s_state, Lpm(KeyNames.Dst, 128)], [.. s_stage6], 65536),
        new(TableNames.L2To, [s_state, Lpm(KeyNames.EthDst, 48)], [.. s_stage], 65536),
        new(TableNames.AclTo4, Wide(32), [.. s_stage4], 16384),
        new(TableNames.AclTo6, Wide(128), [.. s_stage6], 16384),
        new(TableNames.ConnectionEdit, [Exact(KeyNames.Index, ConnectionIndexWidth), s_state, Exact(KeyNames.EthDst, 48)], [ActionNames.Finish4, ActionNames.Finish6], 262144),
        new(TableNames.Output, [Exact(KeyNames.Out, OutWidth)], [ActionNames.Unicast, ActionNames.Group, ActionNames.Discard], 65536),
        new(TableNames.Framing, [Exact(KeyNames.Out, OutWidth)], [ActionNames.Plain, ActionNames.Vlan, ActionNames.Geneve, ActionNames.Vxlan], 65536),
        new(TableNames.Encap, [Exact(KeyNames.Encap, 16)], [ActionNames.Outer4], 4096),
    ];

    /// <summary><see cref="Tables"/> by name.</summary>
    public static FrozenDictionary<string, TableShape> TablesByName { get; } = Tables.ToFrozenDictionary(table => table.Name);

    private static KeyShape Exact(string name, int width) => new(name, MatchKind.Exact, width);

    private static KeyShape Lpm(string name, int width) => new(name, MatchKind.Lpm, width);

    private static KeyShape Ternary(string name, int width) => new(name, MatchKind.Ternary, width);

    private static EquatableArray<KeyShape> FiveTuple(int addressWidth) =>
    [
        s_state, Ternary(KeyNames.Src, addressWidth), Ternary(KeyNames.Dst, addressWidth), Ternary(KeyNames.Proto, 8),
        Ternary(KeyNames.L4Src, 16), Ternary(KeyNames.L4Dst, 16), Ternary(KeyNames.Dscp, 6),
    ];

    private static EquatableArray<KeyShape> Wide(int addressWidth) =>
    [
        .. FiveTuple(addressWidth), Ternary(KeyNames.TcpFlags, 12), Ternary(KeyNames.SrcClass, ClassBits), Ternary(KeyNames.DstClass, ClassBits),
    ];

    private static TableShape ClassBitsTable(string name, int addressWidth, string action) => new(
        name, [Exact(KeyNames.Space, SpaceWidth), Lpm(KeyNames.Address, addressWidth)], [action], 65536);

    private static TableShape Connection(string name, int addressWidth) => new(
        name,
        [
            Exact(KeyNames.InPort, InPortWidth), Exact(KeyNames.Src, addressWidth), Exact(KeyNames.Dst, addressWidth), Exact(KeyNames.Proto, 8),
            Exact(KeyNames.Sport, 16), Exact(KeyNames.Dport, 16),
        ],
        [ActionNames.SetConnection], 262144);

    private static ActionShape Finish(string name, int addressWidth) => new(
        name,
        [
            new(ParameterNames.Out, OutWidth), new(ParameterNames.Loop, InPortWidth), .. s_edits,
            new(ParameterNames.Src, addressWidth), new(ParameterNames.Dst, addressWidth),
            new(ParameterNames.L4Src, 16), new(ParameterNames.L4Dst, 16), new(ParameterNames.Rewrite, 4),
        ]);
}
