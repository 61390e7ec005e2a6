using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Asks and changes the connection tracker of one network namespace (ctnetlink).</summary>
/// <remarks>
/// The namespace is that of the thread that calls <see cref="Open"/>. Any thread may ask afterwards, one at a time while it
/// enumerates <see cref="Dump"/>. The kernel answers within the system call, so nothing here waits. All needs CAP_NET_ADMIN.
/// </remarks>
public sealed class ConntrackNetlink : IDisposable
{
    private const int NoEntry = 2;

    private readonly NetlinkSocket _socket;

    private ConntrackNetlink(NetlinkSocket socket) => _socket = socket;

    /// <summary>Messages of the kernel that are no connection to us, by reason, since the start.</summary>
    public RefusalCounts Refusals { get; } = new();

    /// <exception cref="NetlinkException">The kernel gives no such socket.</exception>
    public static ConntrackNetlink Open() => new(NetlinkSocket.Open(ConntrackAttribute.Protocol));

    /// <summary>Lists the connections, piece by piece as the kernel hands them out (some hundred at a time).</summary>
    /// <remarks>A connection that begins or ends meanwhile may be listed or not; one may be listed twice.</remarks>
    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public IEnumerable<EquatableArray<ConnectionEntry>> Dump(ConntrackFilter filter) =>
        _socket.Dump(ConntrackRequests.Dump(filter), "list the connections", body =>
            Refusals.Count(ConntrackMessages.Read(body, isEvent: false, out var entry)) && filter.Includes(entry!.Connection) ? entry : null)
            .Select(entries => entries.ToEquatableArray());

    /// <summary>The connection with this tuple, of either direction; null when there is none.</summary>
    public ConnectionEntry? Find(ushort zone, in ConnectionTuple tuple)
    {
        ConnectionEntry? found = null;
        return Succeeds(ConntrackRequests.Find(zone, tuple), $"look up {tuple} in zone {zone}", (_, body) =>
            Refusals.Count(ConntrackMessages.Read(body, isEvent: false, out found))) ? found : null;
    }

    /// <summary>Changes a connection that exists.</summary>
    /// <returns>False when it does not.</returns>
    /// <exception cref="NetlinkException">The kernel refused, e.g. labels where no rule uses any (ENOSPC).</exception>
    public bool Update(ushort zone, in ConnectionTuple original, ConntrackUpdate update) =>
        Succeeds(ConntrackRequests.Update(zone, original, update), $"change {original} in zone {zone}");

    /// <summary>Ends a connection.</summary>
    /// <param name="zone">Where it is.</param>
    /// <param name="original">Its original tuple.</param>
    /// <param name="id">If not 0, only the connection with this id: a later one with the same tuple stays.</param>
    /// <returns>False when it does not exist.</returns>
    public bool Remove(ushort zone, in ConnectionTuple original, uint id = 0) =>
        Succeeds(ConntrackRequests.Remove(zone, original, id), $"end {original} in zone {zone}");

    /// <summary>Ends all connections of a zone, of whatever protocol.</summary>
    /// <remarks>
    /// Kernels before 6.8 ignore the zone of a flush and would end everything, so each connection is ended by itself, as Open vSwitch does.
    /// </remarks>
    /// <returns>How many there were.</returns>
    public int FlushZone(ushort zone)
    {
        var requests = _socket.Dump(
            ConntrackRequests.Dump(new ConntrackFilter(zone)), $"list zone {zone}", body => ConntrackRequests.RemoveListed(body, zone)).ToList();
        return requests.SelectMany(requests => requests).Count(request => Succeeds(request, $"end a connection of zone {zone}"));
    }

    public void Dispose() => _socket.Dispose();

    private bool Succeeds(NetlinkRequest request, string what, NetlinkSocket.MessageHandler? onMessage = null)
    {
        try
        {
            _socket.Exchange(request, what, onMessage ?? ((_, _) => { }));
            return true;
        }
        catch (NetlinkException e) when (e.Errno == NoEntry)
        {
            return false;
        }
    }
}
