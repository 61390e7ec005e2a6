namespace GatewayOS.Compiler;

/// <summary>The classes of packets that the parser admits to the tables; everything else is software's (p4/README.md, Classes).</summary>
public enum PacketClass
{
    /// <summary>IPv4 to a single Ethernet address.</summary>
    Ipv4 = 1,

    /// <summary>IPv6 to a single Ethernet address.</summary>
    Ipv6 = 2,

    /// <summary>ARP requests to a single Ethernet address.</summary>
    Arp = 3,

    /// <summary>IPv4 multicast.</summary>
    Ipv4Group = 5,

    /// <summary>IPv6 multicast.</summary>
    Ipv6Group = 6,

    /// <summary>ARP requests to all.</summary>
    ArpBroadcast = 7,
}
