using System.Buffers.Binary;
using System.Net;
using GatewayOS.Control.Views;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Control.Underlay;

/// <summary>Asks the kernel for the way to each tunnel endpoint, and to resolve next hops. For one thread.</summary>
/// <remarks>
/// OVS's userspace datapath keeps neighbours of its own, so the kernel may never need to resolve what tunnels use: it is asked to.
/// </remarks>
public sealed class UnderlayRoutes(RouteNetlink kernel, KernelNetwork network)
{
    private readonly Dictionary<uint, (int Link, IPAddress NextHop)?> _routes = [];
    private readonly HashSet<(int Link, IPAddress NextHop)> _asked = [];
    private int _version = -1;

    /// <summary>The ways there are; an endpoint that is unreachable, or this host itself, has none.</summary>
    /// <exception cref="NetlinkException">The kernel refuses to answer.</exception>
    public EquatableArray<UnderlayPath> PathsTo(IEnumerable<uint> endpoints)
    {
        if (_version != network.RouteVersion)
        {
            _version = network.RouteVersion;
            _routes.Clear();
            _asked.Clear();
        }

        var paths = new List<UnderlayPath>();
        foreach (var endpoint in endpoints)
        {
            if (!_routes.TryGetValue(endpoint, out var route))
            {
                _routes.Add(endpoint, route = Ask(endpoint));
            }

            if (route is not var (index, nextHop) || network.FindLink(index) is not { } link)
            {
                continue;
            }

            var mac = network.MacOf(index, nextHop);
            if (mac is null && _asked.Add((index, nextHop)))
            {
                kernel.Resolve(index, nextHop);
            }

            paths.Add(new UnderlayPath(endpoint, link.Name, mac));
        }

        return paths.ToEquatableArray();
    }

    /// <summary>Has all next hops in use confirmed: the kernel forgets, and a next hop may change its address.</summary>
    /// <exception cref="NetlinkException">The kernel refuses.</exception>
    public void Refresh()
    {
        foreach (var (link, nextHop) in _routes.Values.OfType<(int, IPAddress)>().Distinct())
        {
            if (network.FindLink(link) is { IsUp: true })
            {
                kernel.Resolve(link, nextHop);
            }
        }
    }

    private (int Link, IPAddress NextHop)? Ask(uint endpoint)
    {
        var octets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, endpoint);
        var destination = new IPAddress(octets);
        return kernel.Route(destination) is { IsLocal: false } route ? (route.Interface, route.NextHop(destination)) : null;
    }
}
