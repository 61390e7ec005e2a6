namespace GatewayOS.Linux.Conntrack;

/// <summary>Why a message of the kernel is no connection to us.</summary>
public enum ConntrackRefusal
{
    None,

    /// <summary>It is cut off, an attribute has the wrong size, or what makes a connection is missing.</summary>
    Malformed,

    /// <summary>Neither IPv4 nor IPv6, or its two tuples differ in family or protocol.</summary>
    Family,

    /// <summary>None of TCP, UDP, SCTP, ICMP, ICMPv6.</summary>
    Protocol,

    /// <summary>Its two directions are in different zones (iptables <c>CT --zone-orig</c>), which Open vSwitch never does.</summary>
    SplitZone,
}
