namespace GatewayOS.Connections;

/// <summary>Parts of a connection that a reading may leave out.</summary>
[Flags]
public enum ConnectionParts
{
    None = 0,
    Labels = 1,

    /// <summary>The state of TCP or SCTP.</summary>
    ProtocolState = 2,
}
