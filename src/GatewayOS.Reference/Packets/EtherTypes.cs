namespace GatewayOS.Reference.Packets;

/// <summary>IEEE 802 numbers.</summary>
public static class EtherTypes
{
    public const ushort Ip4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Vlan = 0x8100;
    public const ushort Ip6 = 0x86dd;
}
