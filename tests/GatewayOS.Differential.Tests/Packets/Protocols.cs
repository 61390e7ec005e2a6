namespace GatewayOS.Differential.Tests.Packets;

/// <summary>IP protocol numbers.</summary>
internal static class Protocols
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Gre = 47;
    public const byte IcmpV6 = 58;
    public const byte Sctp = 132;
}
