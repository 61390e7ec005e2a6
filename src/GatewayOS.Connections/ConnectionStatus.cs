using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Connections;

/// <summary>What a connection tracker knows of a connection (IPS_* of linux/netfilter/nf_conntrack_common.h).</summary>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "It is 32 unsigned bits on the wire.")]
public enum ConnectionStatus : uint
{
    None = 0,

    /// <summary>An application helper foretold it.</summary>
    Expected = 1 << 0,

    /// <summary>Packets of both directions were seen.</summary>
    SeenReply = 1 << 1,

    /// <summary>It is not ended early when the table is full. ICMP never gets so far, UDP after two seconds of answers.</summary>
    Assured = 1 << 2,

    /// <summary>Its first packet has left the machine.</summary>
    Confirmed = 1 << 3,

    /// <summary>Its source is translated.</summary>
    SourceNat = 1 << 4,

    /// <summary>Its destination is translated.</summary>
    DestinationNat = 1 << 5,

    /// <summary>A helper changed the length of its data, so its sequence numbers are translated too.</summary>
    SequenceAdjust = 1 << 6,

    SourceNatDone = 1 << 7,
    DestinationNatDone = 1 << 8,

    /// <summary>It is about to go.</summary>
    Dying = 1 << 9,

    /// <summary>Packets do not prolong it.</summary>
    FixedTimeout = 1 << 10,

    /// <summary>It is a pattern for others, no connection.</summary>
    Template = 1 << 11,

    /// <summary>Another connection has the same tuple because both began at the same moment.</summary>
    NatClash = 1 << 12,

    /// <summary>An application helper (ALG) reads its data.</summary>
    Helper = 1 << 13,

    /// <summary>The kernel's own flow table forwards it.</summary>
    Offloaded = 1 << 14,

    /// <summary>A network card forwards it for the kernel's flow table.</summary>
    HardwareOffloaded = 1 << 15,
}
