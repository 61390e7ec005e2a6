using System.Net;

namespace GatewayOS.Linux.Netlink;

/// <summary>One step in the life of the kernel's network, as <see cref="NetworkFollower"/> tells it.</summary>
public abstract record NetworkChange
{
    private NetworkChange()
    {
    }

    /// <summary>The link is new or is now like this.</summary>
    public sealed record LinkIs(Link Link) : NetworkChange;

    public sealed record LinkGone(Link Link) : NetworkChange;

    /// <summary>The neighbour is new or is now like this.</summary>
    public sealed record NeighbourIs(Neighbour Neighbour) : NetworkChange;

    public sealed record NeighbourGone(int Interface, IPAddress Address) : NetworkChange;

    public sealed record AddressIs(InterfaceAddress Address) : NetworkChange;

    public sealed record AddressGone(InterfaceAddress Address) : NetworkChange;

    /// <summary>A route or a routing rule changed somewhere: earlier answers of <see cref="RouteNetlink.Route"/> may be wrong now.</summary>
    public sealed record RoutesChanged : NetworkChange;

    /// <summary>All that was so is told: after the start, and again after the kernel lost messages.</summary>
    public sealed record Synchronised : NetworkChange;
}
