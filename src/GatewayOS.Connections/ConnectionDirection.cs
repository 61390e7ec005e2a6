namespace GatewayOS.Connections;

/// <summary>Which of its two tuples a packet has.</summary>
public enum ConnectionDirection
{
    /// <summary>That of its first packet.</summary>
    Original,
    Reply,
}
