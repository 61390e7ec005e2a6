using System.Diagnostics.CodeAnalysis;

namespace GatewayOS.Linux.Netlink;

/// <summary>States of neighbour resolution (NUD_* of linux/neighbour.h, RFC 4861 §7.3.2); exactly one is set.</summary>
[Flags]
[SuppressMessage("Design", "CA1028", Justification = "It is 16 bits wide on the wire.")]
public enum NeighbourState : ushort
{
    None = 0,
    Incomplete = 0x01,
    Reachable = 0x02,
    Stale = 0x04,
    Delay = 0x08,
    Probe = 0x10,
    Failed = 0x20,
    NoArp = 0x40,
    Permanent = 0x80,
}
