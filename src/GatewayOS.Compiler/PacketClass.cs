namespace GatewayOS.Compiler;

/// <summary>The classes of packets that the parser admits to the tables; everything else is software's (p4/README.md, Class 0).</summary>
public enum PacketClass
{
    Ipv4 = 1,
    Ipv6 = 2,
}
