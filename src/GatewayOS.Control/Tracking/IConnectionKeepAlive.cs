using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>Does to a tracker what packets do that it does not see.</summary>
public interface IConnectionKeepAlive
{
    /// <summary>Whether the tracker tells of what ends at once; otherwise by listing everything.</summary>
    public bool HasEvents { get; }

    /// <summary>Before the device takes its packets.</summary>
    /// <returns>False if the tracker would not bear that it misses them; then the device must not have them.</returns>
    public Task<bool> PrepareAsync(Connection connection, CancellationToken token);

    /// <summary>Whether connections of the protocol can be refreshed; others end while only the device sees them.</summary>
    public bool Refreshes(TransportProtocol protocol);

    /// <summary>How long the tracker knows the connection after a packet; null if packets prolong nothing.</summary>
    public TimeSpan? TimeoutOf(Connection connection);

    /// <summary>Packets of these went by.</summary>
    /// <returns>Those that the tracker knows now as after a packet: what has ended meanwhile, or may have, is not brought back.</returns>
    public Task<IReadOnlyCollection<Connection>> RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token);
}
