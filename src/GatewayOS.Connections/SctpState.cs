using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Connections;

/// <summary>How far an SCTP association is (SCTP_CONNTRACK_* of linux/netfilter/nf_conntrack_sctp.h).</summary>
[SuppressMessage("Design", "CA1028", Justification = "It is 8 bits wide on the wire.")]
public enum SctpState : byte
{
    None,
    Closed,
    CookieWait,
    CookieEchoed,
    Established,
    ShutdownSent,
    ShutdownReceived,
    ShutdownAcknowledged,
    HeartbeatSent,
    HeartbeatAcknowledged,
}
