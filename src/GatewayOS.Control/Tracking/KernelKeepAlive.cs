using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Control.Tracking;

/// <summary>The kernel's tracker: timeouts are set as a packet would.</summary>
/// <param name="conntrack">Its own socket; owned.</param>
/// <param name="timeouts">What packets set.</param>
public sealed class KernelKeepAlive(ConntrackNetlink conntrack, KernelTimeouts timeouts) : IConnectionKeepAlive, IDisposable
{
    public bool HasEvents => true;

    public bool Refreshes(TransportProtocol protocol) => true;

    public TimeSpan? TimeoutOf(Connection connection) => timeouts.Of(connection);

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task<bool> PrepareAsync(Connection connection, CancellationToken token) => Task.FromResult(
        connection.Tcp is not { IsLiberal: false } || conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { BeLiberal = true }));

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task<IReadOnlyCollection<Connection>> RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token) => Task.FromResult<IReadOnlyCollection<Connection>>(
    [
        .. connections.Where(connection => TimeoutOf(connection) is { } timeout && conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Timeout = timeout })),
    ]);

    public void Dispose() => conntrack.Dispose();
}
