namespace GatewayOS.Control.Tracking;

/// <summary>What is seen of a connection whose packets are left to OVS, until its tracker has shown that it knows them.</summary>
internal sealed class ConnectionRest
{
    /// <summary>What its entry had counted when it was looked at first.</summary>
    public long? Packets { get; set; }

    /// <summary>A moment after which a packet came; null while none did.</summary>
    public long? Met { get; set; }

    /// <summary>How often all connections had been listed a look after that.</summary>
    public int? Listings { get; set; }
}
