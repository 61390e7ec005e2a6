using System.Net;

namespace GatewayOS.Linux.Netlink;

/// <summary>How the kernel would send to one destination.</summary>
/// <param name="Interface">Index of the link it leaves by; the loopback's when the destination is our own.</param>
/// <param name="Gateway">The next hop; null when the destination is itself on the link. It may be IPv6 for an IPv4 destination.</param>
/// <param name="Source">The source address the kernel would choose.</param>
/// <param name="IsLocal">The destination is an address of this machine.</param>
public sealed record Route(int Interface, IPAddress? Gateway, IPAddress? Source, bool IsLocal)
{
    /// <summary>Who has to be resolved on the link to reach <paramref name="destination"/>.</summary>
    public IPAddress NextHop(IPAddress destination) => Gateway ?? destination;
}
