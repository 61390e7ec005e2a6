using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Netlink;

namespace GatewayOS.Control.Tracking;

/// <summary>The kernel's tracker: timeouts are set as a packet would.</summary>
/// <param name="conntrack">Its own socket; owned.</param>
public sealed class KernelKeepAlive(ConntrackNetlink conntrack) : IConnectionKeepAlive, IDisposable
{
    // nf_conntrack_udp_timeout_stream, nf_conntrack_udp_timeout and nf_conntrack_icmp_timeout; TCP has five days, of which an hour is enough to see it close.
    private static readonly TimeSpan s_udp = TimeSpan.FromSeconds(120), s_short = TimeSpan.FromSeconds(30), s_tcp = TimeSpan.FromHours(1);

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task<bool> PrepareAsync(Connection connection, CancellationToken token) => Task.FromResult(
        connection.Tcp is not { IsLiberal: false } || conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { BeLiberal = true }));

    /// <exception cref="NetlinkException">The kernel refused.</exception>
    public Task RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token)
    {
        foreach (var connection in connections)
        {
            var timeout = (connection.Original.Protocol, connection.Has(ConnectionStatus.SeenReply)) switch
            {
                // Of one that only one direction is seen of, packets prolong nothing: they are invalid there.
                (TransportProtocol.Tcp, false) => (TimeSpan?)null,
                (TransportProtocol.Tcp, true) => s_tcp,
                (TransportProtocol.Udp, true) => s_udp,
                _ => s_short,
            };
            if (timeout is not null)
            {
                conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Timeout = timeout });
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => conntrack.Dispose();
}
