using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Connections;

/// <summary>The IP protocols that connections are tracked of (IANA protocol numbers).</summary>
[SuppressMessage("Design", "CA1028", Justification = "It is 8 bits wide on the wire.")]
public enum TransportProtocol : byte
{
    None = 0,
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    Icmpv6 = 58,
    Sctp = 132,
}
