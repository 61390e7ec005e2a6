using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Connections;

/// <summary>What a tracker remembers of one direction of TCP (IP_CT_TCP_FLAG_* of linux/netfilter/nf_conntrack_tcp.h).</summary>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "It is 8 bits wide on the wire.")]
[SuppressMessage("Naming", "CA1711", Justification = "The kernel calls them so.")]
public enum TcpFlags : byte
{
    None = 0,
    WindowScale = 0x01,
    SelectiveAcknowledgement = 0x02,

    /// <summary>This direction closed first.</summary>
    CloseInitiated = 0x04,

    /// <summary>Sequence numbers out of the window are no reason to call a packet invalid.</summary>
    BeLiberal = 0x08,
    DataUnacknowledged = 0x10,
    MaximumAcknowledged = 0x20,
    ChallengeAcknowledged = 0x40,
    SimultaneousOpen = 0x80,
}
