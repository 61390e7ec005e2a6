using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>Does to a tracker what packets do that it does not see.</summary>
public interface IConnectionKeepAlive
{
    /// <summary>Before the device takes its packets.</summary>
    /// <returns>False if the tracker would not bear that it misses them; then the device must not have them.</returns>
    public Task<bool> PrepareAsync(Connection connection, CancellationToken token);

    /// <summary>Packets of these went by.</summary>
    public Task RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token);
}
