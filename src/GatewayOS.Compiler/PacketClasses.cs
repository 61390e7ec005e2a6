namespace GatewayOS.Compiler;

/// <summary>What the parser guarantees of the packets that it admits.</summary>
public static class PacketClasses
{
    public static readonly PacketClass[] All = [PacketClass.Ipv4, PacketClass.Ipv6];

    /// <summary>The lowest TTL or hop limit of an admitted packet (TTL_GUARD of the program).</summary>
    public const int LowestTtl = 8;

    /// <summary>How many routers a path may pass so that the TTL stays above 1, whatever it was.</summary>
    public const int RouterLimit = LowestTtl - 2;

    /// <summary>Bits of an IP address.</summary>
    public static int AddressWidth(this PacketClass packetClass) => packetClass == PacketClass.Ipv4 ? 32 : 128;
}
