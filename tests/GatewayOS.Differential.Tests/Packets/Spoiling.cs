namespace GatewayOS.Differential.Tests.Packets;

/// <summary>What can be odd about a packet.</summary>
internal static class Spoiling
{
    private static readonly Action<PacketDraft, Dice>[] s_inner =
    [
        (draft, dice) => draft.Fragment = dice.OneOf<ushort>(0x2000, 0x4000, 0x8000, 0x0001, 0x20b9, 0x00b9),
        (draft, dice) => draft.Options = dice.OneOf<byte[]>([1, 1, 1, 0], [7, 7, 4, 0, 0, 0, 0, 0], [0x94, 4, 0, 0]),
        (draft, dice) => draft.Extension = dice.OneOf<byte>(0, 43, 44, 51, 60, 135),
        (draft, dice) => draft.WrongIpChecksum = true,
        (draft, dice) => draft.WrongL4Checksum = true,
        (draft, dice) => draft.LengthError = dice.OneOf(-30, -8, -1, 1, 4, 200),
        (draft, dice) => draft.UdpLengthError = dice.OneOf(-8, -1, 1, 100),
        (draft, dice) => draft.TcpDataOffset = dice.OneOf(0, 4, 6, 7, 15),
        (draft, dice) => draft.Padding = dice.OneOf(1, 2, 6, 18, 100),
        (draft, dice) => draft.Cut = dice.OneOf(1, 8, 12, 20, 30, 44),
        (draft, dice) => draft.VersionAndLength = dice.OneOf<byte>(0x44, 0x46, 0x55, 0x65, 0x4f),
        (draft, dice) => draft.EtherType = dice.OneOf(0x86dd, 0x0800, 0x8847, 0x88cc, 0x0600),
        (draft, dice) => draft.EthDestination = dice.OneOf(0xffffffffffffUL, 0x01005e000001UL, 0x333300000001UL, 0UL, 0x0180c2000000UL),
        (draft, dice) => draft.EthSource = dice.OneOf(0x0300_0000_0001UL, 0UL),
        (draft, dice) => draft.Source = draft.Destination,
        (draft, dice) => draft.TrafficClass = (byte)dice.Below(256),
        (draft, dice) => draft.PayloadLength = 1400 + dice.Below(180),
        (draft, dice) => draft.Tags.Add((dice.OneOf(0x8100, 0x88a8), dice.OneOf(0, 5, 100, 0x2005))),
        Vlan,
    ];

    private static readonly Action<TunnelDraft, Dice>[] s_outer =
    [
        (tunnel, dice) => tunnel.Vni = dice.OneOf(0u, 0xffffffu, tunnel.Vni + 1, tunnel.Vni ^ 0x800000),
        (tunnel, dice) => tunnel.OutKey = dice.OneOf<ushort>(0, 0xffff, (ushort)(tunnel.OutKey + 1), 0x8000, (ushort)(tunnel.OutKey | 0x8000)),
        (tunnel, dice) => tunnel.InKey = dice.OneOf<ushort>(0, 0xffff, tunnel.OutKey, (ushort)(tunnel.InKey | 0x8000), 200),
        (tunnel, dice) => tunnel.OptionClass = dice.OneOf<ushort>(0x0103, 0x0100, 0),
        (tunnel, dice) => tunnel.OptionType = dice.OneOf<byte>(0x00, 0x81),
        (tunnel, dice) => tunnel.FurtherOption = dice.OneOf<byte[]>([1, 3, 1, 0], [1, 3, 0x81, 1, 1, 2, 3, 4], [1, 2, 0x80, 1, 0, 1, 0, 2]),
        (tunnel, dice) => tunnel.WithoutOption = true,
        (tunnel, dice) => tunnel.Version = dice.OneOf<byte>(1, 2, 3),
        (tunnel, dice) => tunnel.Flags = dice.OneOf<byte>(0, 0x80, 0xc0, 0x41, 0x7f),
        (tunnel, dice) => tunnel.Protocol = dice.OneOf(0x0800, 0x6559),
        (tunnel, dice) => tunnel.TrafficClass = (byte)dice.Below(256),
        (tunnel, dice) => tunnel.Ttl = dice.OneOf<byte>(0, 1, 2, 255),
        (tunnel, dice) => tunnel.Fragment = dice.OneOf<ushort>(0, 0x2000, 0x0010, 0x8000, 0xc000),
        (tunnel, dice) => tunnel.WithChecksum ^= true,
        (tunnel, dice) => tunnel.WrongUdpChecksum = true,
        (tunnel, dice) => tunnel.WrongIpChecksum = true,
        (tunnel, dice) => tunnel.LengthError = dice.OneOf(-4, -1, 1, 40),
        (tunnel, dice) => tunnel.Source = dice.OneOf(0xac1f0063u, 0x0a000001u, 0xac1f000du),
        (tunnel, dice) => tunnel.Destination = dice.OneOf(0xac1f000eu, 0xac1f00ffu, 0x0a000001u),
        (tunnel, dice) => tunnel.EthDestination = dice.OneOf(0xffffffffffffUL, 0x020000310099UL),
        (tunnel, dice) => tunnel.UdpDestination = dice.OneOf<ushort>(4789, 6081, 6080, 6082),
        (tunnel, dice) => tunnel.VxlanFlags = dice.OneOf(0u, 0x0c00_0000u, 0x8800_0000u, 0x0800_0001u),
        (tunnel, dice) => tunnel.VxlanReserved = dice.OneOf<byte>(1, 0x80),
        (tunnel, dice) => tunnel.UdpSource = dice.OneOf<ushort>(0, 6081, 65535),
    ];

    public static void Apply(PacketDraft draft, Dice dice)
    {
        if (draft.Tunnel is { } tunnel && dice.Percent(50))
        {
            dice.Pick(s_outer)(tunnel, dice);
        }
        else
        {
            dice.Pick(s_inner)(draft, dice);
        }
    }

    /// <summary>Another VLAN, another priority, or none.</summary>
    private static void Vlan(PacketDraft draft, Dice dice)
    {
        if (draft.Tags is [var (protocol, control), ..])
        {
            draft.Tags[0] = dice.OneOf((protocol, control | 0xa000), (protocol, control | 0x1000), (protocol, control + 1), (0x88a8, control), (protocol, 0));
        }
        else
        {
            draft.Tags.Add((0x8100, dice.OneOf(0, 0x6000, 1, 100, 4095)));
        }
    }
}
