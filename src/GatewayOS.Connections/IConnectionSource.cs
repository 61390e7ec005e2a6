namespace GatewayOS.Connections;

/// <summary>Tells of the connections of one connection tracker.</summary>
public interface IConnectionSource
{
    /// <summary>Everything, then what changes. It ends only by the token or an exception. Call it once.</summary>
    public IAsyncEnumerable<ConnectionNews> FollowAsync(CancellationToken token);
}
