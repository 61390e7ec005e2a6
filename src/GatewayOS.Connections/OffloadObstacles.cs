namespace GatewayOS.Connections;

/// <summary>Judges a connection by its own state; whether its packets can be compiled is another question.</summary>
public static class OffloadObstacles
{
    private const ConnectionStatus Changing = ConnectionStatus.Helper | ConnectionStatus.SequenceAdjust;
    private const ConnectionStatus Ending = ConnectionStatus.Dying | ConnectionStatus.FixedTimeout | ConnectionStatus.Template;

    /// <summary>What soon passes by itself, mostly: the connection is on its way to be established.</summary>
    public static bool Passes(OffloadObstacle obstacle) =>
        obstacle is OffloadObstacle.Unconfirmed or OffloadObstacle.Unanswered or OffloadObstacle.NotEstablished;

    public static OffloadObstacle Of(Connection connection) => connection switch
    {
        _ when (connection.Status & Ending) != ConnectionStatus.None => OffloadObstacle.Dying,
        _ when !connection.Has(ConnectionStatus.Confirmed) => OffloadObstacle.Unconfirmed,
        _ when (connection.Status & Changing) != ConnectionStatus.None => OffloadObstacle.Helper,
        _ when !connection.Has(ConnectionStatus.SeenReply) => OffloadObstacle.Unanswered,
        // A SYN's answer is not yet the end of the handshake; the kernel calls the connection assured then.
        { Original.Protocol: TransportProtocol.Tcp } when connection.Tcp is not { IsEstablished: true } || !connection.Has(ConnectionStatus.Assured) =>
            OffloadObstacle.NotEstablished,
        { Original.Protocol: TransportProtocol.Sctp, Sctp: not SctpState.Established } => OffloadObstacle.NotEstablished,
        { Original: { Protocol: TransportProtocol.Icmp, DestinationPort: not 8 << 8 } } => OffloadObstacle.NotEcho,
        { Original: { Protocol: TransportProtocol.Icmpv6, DestinationPort: not 128 << 8 } } => OffloadObstacle.NotEcho,
        _ => OffloadObstacle.None,
    };
}
