namespace GatewayOS.Compiler;

/// <summary>What the parser guarantees of the packets that it admits.</summary>
public static class PacketClasses
{
    public static readonly PacketClass[] All = [PacketClass.Ipv4, PacketClass.Ipv6];

    /// <summary>The lowest TTL or hop limit of an admitted packet (TTL_GUARD of the program).</summary>
    public const int LowestTtl = 8;

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
    public static int AddressWidth(this PacketClass packetClass) => packetClass == PacketClass.Ipv4 ? 32 : 128;
}
