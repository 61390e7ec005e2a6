namespace GatewayOS.Connections;

/// <summary>Why a source lists all connections.</summary>
public enum DumpReason
{
    Start,

    /// <summary>Events were lost because they were read too slowly.</summary>
    EventsLost,

    /// <summary>The source has no events, it lists from time to time.</summary>
    Polled,
}
