namespace GatewayOS.Connections;

/// <summary>What a tracker says about one connection.</summary>
public abstract record ConnectionEvent
{
    private ConnectionEvent()
    {
    }

    /// <summary>It is like this now.</summary>
    public sealed record Seen(ConnectionEntry Entry) : ConnectionEvent;

    /// <summary>It has ended; this was its last state.</summary>
    public sealed record Ended(ConnectionEntry Entry) : ConnectionEvent;
}
