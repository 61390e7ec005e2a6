using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Control.Tracking;

/// <summary>The kernel's tracker: timeouts are set as a packet would.</summary>
/// <param name="conntrack">Its own socket; owned.</param>
public sealed class KernelKeepAlive(ConntrackNetlink conntrack) : IConnectionKeepAlive, IDisposable
{
    // nf_conntrack_udp_timeout_stream, nf_conntrack_icmp_timeout; TCP has five days, of which an hour is enough to see it close.
    private static readonly TimeSpan s_udp = TimeSpan.FromSeconds(120), s_icmp = TimeSpan.FromSeconds(30), s_tcp = TimeSpan.FromHours(1);

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task<bool> PrepareAsync(Connection connection, CancellationToken token) => Task.FromResult(
        connection.Tcp is not { IsLiberal: false } || conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { BeLiberal = true }));

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token)
    {
        foreach (var connection in connections)
        {
            var timeout = connection.Original.Protocol == TransportProtocol.Tcp ? s_tcp : connection.Original.Protocol == TransportProtocol.Udp ? s_udp : s_icmp;
            conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Timeout = timeout });
        }

        return Task.CompletedTask;
    }

    public void Dispose() => conntrack.Dispose();
}
