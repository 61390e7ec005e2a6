using System.Net;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Control.Underlay;

/// <summary>The links and neighbours of the kernel, as its changes tell. For one thread.</summary>
public sealed class KernelNetwork
{
    private readonly Dictionary<int, Link> _links = [];
    private readonly Dictionary<(int Interface, IPAddress Address), Neighbour> _neighbours = [];

    /// <summary>Everything was told once.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Counts what may change the answer to a question about routes.</summary>
    public int RouteVersion { get; private set; }

    /// <returns>Whether something that a device view is made of may have changed.</returns>
    public bool Apply(NetworkChange change)
    {
        switch (change)
        {
            case NetworkChange.LinkIs(var link):
                _links[link.Index] = link;
                RouteVersion++;
                return true;
            case NetworkChange.LinkGone(var link):
                _links.Remove(link.Index);
                RouteVersion++;
                return true;
            case NetworkChange.NeighbourIs(var neighbour):
                var old = MacOf(neighbour.Interface, neighbour.Address);
                _neighbours[(neighbour.Interface, neighbour.Address)] = neighbour;
                // States come and go all the time; the address is what counts.
                return MacOf(neighbour.Interface, neighbour.Address) != old;
            case NetworkChange.NeighbourGone(var link, var address):
                return _neighbours.Remove((link, address));
            case NetworkChange.Synchronised:
                IsComplete = true;
                return true;
            case NetworkChange.AddressIs or NetworkChange.AddressGone or NetworkChange.RoutesChanged:
                RouteVersion++;
                return true;
            default:
                return false;
        }
    }

    public IReadOnlyDictionary<string, Link> LinksByName() => _links.Values.DistinctBy(link => link.Name).ToDictionary(link => link.Name);

    public Link? FindLink(int index) => _links.GetValueOrDefault(index);

    /// <summary>The Ethernet address that the kernel would send to now, or null.</summary>
    public Core.MacAddress? MacOf(int link, IPAddress address) =>
        _neighbours.TryGetValue((link, address), out var neighbour) && neighbour.IsUsable ? neighbour.Mac : null;
}
