using System.Net;

namespace GatewayOS.Linux.Netlink;

/// <summary>What the follower has told so far, to tell nothing twice and to find what it missed.</summary>
internal sealed class NetworkReplica
{
    private readonly Dictionary<int, Link> _links = [];
    private readonly Dictionary<(int Interface, IPAddress Address), Neighbour> _neighbours = [];
    private readonly HashSet<InterfaceAddress> _addresses = [];

    /// <summary>Takes a change in.</summary>
    /// <returns>False when it says nothing new.</returns>
    public bool Apply(NetworkChange change) => change switch
    {
        NetworkChange.LinkIs(var link) => Set(_links, link.Index, link),
        NetworkChange.LinkGone(var link) => _links.Remove(link.Index),
        NetworkChange.NeighbourIs(var neighbour) => Set(_neighbours, (neighbour.Interface, neighbour.Address), neighbour),
        NetworkChange.NeighbourGone(var link, var address) => _neighbours.Remove((link, address)),
        NetworkChange.AddressIs(var address) => _addresses.Add(address),
        NetworkChange.AddressGone(var address) => _addresses.Remove(address),
        _ => true,
    };

    /// <summary>The changes that lead from what was told to what the kernel lists now; what is gone first.</summary>
    public IReadOnlyList<NetworkChange> Difference(
        IReadOnlyCollection<Link> links, IReadOnlyCollection<Neighbour> neighbours, IReadOnlyCollection<InterfaceAddress> addresses)
    {
        var linksNow = links.Select(link => link.Index).ToHashSet();
        var neighboursNow = neighbours.Select(neighbour => (neighbour.Interface, neighbour.Address)).ToHashSet();
        var addressesNow = addresses.ToHashSet();
        IEnumerable<NetworkChange> changes =
        [
            .. _neighbours.Keys.Where(key => !neighboursNow.Contains(key)).Select(key => new NetworkChange.NeighbourGone(key.Interface, key.Address)),
            .. _addresses.Where(address => !addressesNow.Contains(address)).Select(address => new NetworkChange.AddressGone(address)),
            .. _links.Values.Where(link => !linksNow.Contains(link.Index)).Select(link => new NetworkChange.LinkGone(link)),
            .. links.Select(link => new NetworkChange.LinkIs(link)),
            .. addresses.Select(address => new NetworkChange.AddressIs(address)),
            .. neighbours.Select(neighbour => new NetworkChange.NeighbourIs(neighbour)),
        ];
        return [.. changes.Where(Apply)];
    }

    private static bool Set<TKey, TValue>(Dictionary<TKey, TValue> items, TKey key, TValue value)
        where TKey : notnull
        where TValue : class
    {
        if (items.TryGetValue(key, out var known) && known.Equals(value))
        {
            return false;
        }

        items[key] = value;
        return true;
    }
}
