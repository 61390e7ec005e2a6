namespace GatewayOS.Vswitchd;

/// <summary>Why a line of a dump is no connection to us.</summary>
public enum ConntrackTextRefusal
{
    None,

    /// <summary>It is cut off, or not as ct-dpif formats a connection.</summary>
    Malformed,

    /// <summary>None of TCP, UDP, SCTP, ICMP, ICMPv6.</summary>
    Protocol,
}
