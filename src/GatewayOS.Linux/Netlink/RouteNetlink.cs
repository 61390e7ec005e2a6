using System.Net;
using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Linux.Netlink;

/// <summary>Asks the kernel for links, addresses, neighbours and routes of one network namespace, see rtnetlink(7).</summary>
/// <remarks>
/// The namespace is that of the thread that calls <see cref="Open"/>. Any thread may ask afterwards. The kernel answers within the
/// system call, so nothing here waits and nothing is asynchronous.
/// </remarks>
public sealed class RouteNetlink : IDisposable
{
    public const int Protocol = 0;

    private const int NoNetwork = 101, NoHost = 113, Prohibited = 13;
    private const byte UseNow = 0x01; // NTF_USE

    private readonly NetlinkSocket _socket;

    private RouteNetlink(NetlinkSocket socket) => _socket = socket;

    private delegate T? Reader<T>(ReadOnlySpan<byte> body);

    /// <exception cref="NetlinkException">The kernel gives no such socket.</exception>
    public static RouteNetlink Open() => new(NetlinkSocket.Open(Protocol));

    public EquatableArray<Link> Links() =>
        List(RouteMessages.GetLink, RouteMessages.NewLink, RouteMessages.LinkHeader, RouteMessages.Link, "list the links");

    public EquatableArray<InterfaceAddress> Addresses() =>
        List(RouteMessages.GetAddress, RouteMessages.NewAddress, RouteMessages.AddressHeader, RouteMessages.InterfaceAddress, "list the addresses");

    /// <summary>IPv4 and IPv6 neighbours in every state, unresolved ones too.</summary>
    public EquatableArray<Neighbour> Neighbours() =>
        List(RouteMessages.GetNeighbour, RouteMessages.NewNeighbour, RouteMessages.NeighbourHeader, RouteMessages.Neighbour, "list the neighbours");

    /// <summary>How the kernel would send to <paramref name="destination"/> now.</summary>
    /// <param name="destination">IPv4 or IPv6.</param>
    /// <param name="source">The source address the packet would have; null lets the kernel choose.</param>
    /// <returns>Null when it would not: no route, or one of type unreachable or prohibit.</returns>
    /// <exception cref="NetlinkException">The kernel refused the question, e.g. for a source that is not its own.</exception>
    public Route? Route(IPAddress destination, IPAddress? source = null)
    {
        Span<byte> header = stackalloc byte[RouteMessages.RouteHeader];
        header.Clear();
        var octets = destination.GetAddressBytes();
        header[0] = Family(octets);
        header[1] = (byte)(octets.Length * 8);
        var request = new NetlinkRequest(RouteMessages.GetRoute, 0, header).With(1, octets); // RTA_DST
        if (source is not null)
        {
            request.With(2, source.GetAddressBytes()); // RTA_SRC
        }

        Route? route = null;
        try
        {
            _socket.Exchange(request, $"look up the route to {destination}", (type, body) =>
                route = type == RouteMessages.NewRoute ? RouteMessages.Route(body) : route);
            return route;
        }
        catch (NetlinkException e) when (e.Errno is NoNetwork or NoHost or Prohibited)
        {
            return null;
        }
    }

    /// <summary>Starts the resolution of a neighbour as if a packet were waiting for it (NTF_USE).</summary>
    /// <remarks>The outcome is a change of the neighbour; see <see cref="NetworkFollower"/>. A usable neighbour is refreshed.</remarks>
    /// <exception cref="NetlinkException">No such link, or the caller lacks CAP_NET_ADMIN.</exception>
    public void Resolve(int link, IPAddress address)
    {
        Span<byte> header = stackalloc byte[RouteMessages.NeighbourHeader];
        header.Clear();
        var octets = address.GetAddressBytes();
        header[0] = Family(octets);
        MemoryMarshal.Write(header[4..], link);
        header[10] = UseNow;
        var request = new NetlinkRequest(RouteMessages.NewNeighbour, NetlinkFlags.Acknowledge | NetlinkFlags.Create, header)
            .With(1, octets); // NDA_DST
        _socket.Exchange(request, $"resolve {address} on link {link}", static (_, _) => { });
    }

    public void Dispose() => _socket.Dispose();

    private static byte Family(byte[] address) => address.Length == 4 ? RouteMessages.FamilyIPv4 : RouteMessages.FamilyIPv6;

    private EquatableArray<T> List<T>(ushort question, ushort answer, int headerSize, Reader<T> read, string what)
        where T : class
    {
        var items = new List<T>();
        Span<byte> header = stackalloc byte[headerSize];
        header.Clear();
        bool whole;
        do
        {
            items.Clear();
            whole = _socket.Exchange(new NetlinkRequest(question, NetlinkFlags.Dump, header), what, (type, body) =>
            {
                if (type == answer && read(body) is { } item)
                {
                    items.Add(item);
                }
            });
        }
        while (!whole);

        return items.ToEquatableArray();
    }
}
