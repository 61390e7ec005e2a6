using GatewayOS.Connections;
using GatewayOS.Vswitchd;

namespace GatewayOS.Control.Tracking;

/// <summary>The tracker of OVS's userspace datapath: it is shown a packet that leaves by no port. TCP is not: it has a day, and then OVS is to see a segment.</summary>
/// <param name="bridge">The management socket of the integration bridge.</param>
/// <param name="timeouts">Those in force.</param>
/// <param name="lives">Whether a connection has surely not expired; what has must not be shown (<see cref="ConntrackPoller.Lives"/>).</param>
public sealed class UserspaceKeepAlive(string bridge, UserspaceTimeouts timeouts, Func<Connection, bool> lives) : IConnectionKeepAlive
{
    public bool HasEvents => false;

    public bool Refreshes(TransportProtocol protocol) => TrackedFrame.IsMade(protocol);

    public TimeSpan? TimeoutOf(Connection connection) => timeouts.After(connection);

    public Task<bool> PrepareAsync(Connection connection, CancellationToken token) => Task.FromResult(true);

    /// <exception cref="UnixctlException">The bridge is gone.</exception>
    public async Task<IReadOnlyCollection<Connection>> RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token)
    {
        var living = connections.Where(connection => Refreshes(connection.Original.Protocol) && lives(connection)).ToList();
        if (living.Count > 0)
        {
            using var channel = await OpenFlowChannel.ConnectAsync(bridge, token);
            await channel.TrackAsync(living.Select(connection => (connection.Zone, TrackedFrame.Of(connection.Original)!)), token);
        }

        return living;
    }
}
