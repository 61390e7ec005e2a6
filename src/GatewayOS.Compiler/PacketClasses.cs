namespace GatewayOS.Compiler;

/// <summary>What the parser guarantees of the packets that it admits.</summary>
public static class PacketClasses
{
    private const int Family = 3, Group = 4;

    /// <summary>Those whose packets connections may decide.</summary>
    public static readonly PacketClass[] Tracked = [PacketClass.Ipv4, PacketClass.Ipv6];

    public static readonly PacketClass[] All = [.. Tracked, PacketClass.Arp, PacketClass.Ipv4Group, PacketClass.Ipv6Group, PacketClass.ArpBroadcast];

    /// <summary>How many routers a path may pass: as many as the pipeline has route tables; the TTL guard would allow six.</summary>
    /// <remarks>Evaluating further is not only useless: where many routers share a network each can lead to each, so the work is a power of this.</remarks>
    public const int RouterLimit = 2;

    /// <summary>How many patch ports a path may pass: into and out of <see cref="RouterLimit"/> routers, and into one more that drops or answers.</summary>
    public const int CrossingLimit = (2 * RouterLimit) + 1;

    /// <summary>With more routers than this on a switch, what one sends to another is left to software: the ways grow with their square.</summary>
    public const int CrowdLimit = 16;

    /// <summary>With more than this, so is what takes a detour by a router: it could have been sent to the other one at once.</summary>
    /// <remarks>Detours are rare, and would be most of the ways: then each router has a part in what each other does, and a change of one in as many lookups as there are pairs.</remarks>
    public const int DetourLimit = 4;

    /// <summary>Bits of an IP address.</summary>
    public static int AddressWidth(this PacketClass packetClass) => packetClass.IsIpv6() ? 128 : 32;

    public static bool IsIpv6(this PacketClass packetClass) => ((int)packetClass & Family) == (int)PacketClass.Ipv6;

    public static bool IsArp(this PacketClass packetClass) => ((int)packetClass & Family) == (int)PacketClass.Arp;

    /// <summary>Whether packets are for many.</summary>
    public static bool IsGroup(this PacketClass packetClass) => ((int)packetClass & Group) != 0;

    /// <summary>Whether packets are IP, for many.</summary>
    public static bool IsMulticast(this PacketClass packetClass) => packetClass.IsGroup() && !packetClass.IsArp();

    /// <summary>The Ethernet addresses that multicast is for, as value and mask (RFC 1112, 6.4; RFC 2464, 7).</summary>
    public static (UInt128 Value, UInt128 Mask) MulticastEthernet(this PacketClass packetClass) =>
        packetClass.IsIpv6() ? ((UInt128)0x333300000000, (UInt128)0xffff00000000) : ((UInt128)0x01005e000000, (UInt128)0xffffff800000);

    /// <summary>The IP addresses that it is for (RFC 5771; RFC 4291, 2.7).</summary>
    public static (UInt128 Value, UInt128 Mask) MulticastPrefix(this PacketClass packetClass) =>
        packetClass.IsIpv6() ? ((UInt128)0xff << 120, (UInt128)0xff << 120) : ((UInt128)0xe << 28, (UInt128)0xf << 28);

    /// <summary>The lowest TTL or hop limit of an admitted packet: TTL_GUARD of the program, which does not keep multicast from the tables.</summary>
    public static int LowestTtl(this PacketClass packetClass) => packetClass.IsMulticast() ? 0 : P4.Pipeline.TtlGuard;
}
