using System.Net;
using GatewayOS.Core;

namespace GatewayOS.Linux.Netlink;

/// <summary>What the kernel knows of a station on a link (ARP, RFC 826; neighbour discovery, RFC 4861).</summary>
/// <param name="Interface">Index of the link.</param>
/// <param name="Address">IPv4 or IPv6; an IPv6 address has no scope id, the link is its scope.</param>
/// <param name="Mac">Null while unresolved.</param>
/// <param name="State">How far the resolution got.</param>
public sealed record Neighbour(int Interface, IPAddress Address, MacAddress? Mac, NeighbourState State)
{
    private const NeighbourState Valid = NeighbourState.Reachable | NeighbourState.Stale | NeighbourState.Delay
        | NeighbourState.Probe | NeighbourState.NoArp | NeighbourState.Permanent;

    /// <summary>The kernel itself would send to <see cref="Mac"/> now (NUD_VALID).</summary>
    public bool IsUsable => Mac is not null && (State & Valid) != NeighbourState.None;
}
