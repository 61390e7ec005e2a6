using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>Does to a tracker what packets do that it does not see.</summary>
public interface IConnectionKeepAlive
{
    /// <summary>Before the device takes its packets.</summary>
    public Task PrepareAsync(Connection connection, CancellationToken token);

    /// <summary>Packets of these went by.</summary>
    public Task RefreshAsync(IReadOnlyCollection<Connection> connections, CancellationToken token);
}
