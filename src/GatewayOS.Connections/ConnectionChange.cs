namespace GatewayOS.Connections;

/// <summary>One step from what was known of the connections to what is known now.</summary>
public abstract record ConnectionChange
{
    private ConnectionChange()
    {
    }

    public sealed record Added(Connection Connection) : ConnectionChange;

    public sealed record Updated(Connection Old, Connection New) : ConnectionChange;

    public sealed record Removed(Connection Connection) : ConnectionChange;
}
