namespace GatewayOS.Connections.Tests;

public sealed class ConnectionValueTests
{
    private const ConnectionStatus Answered = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply;

    private static readonly ConnectionTuple s_tcp = new(false, TransportProtocol.Tcp, 0xc0000201, 0xc0000202, 1234, 80);
    private static readonly TcpTracking s_established = new(TcpState.Established, TcpState.Established, TcpFlags.None, TcpFlags.None);

    [Fact]
    public void Tuples_read_as_packets()
    {
        Assert.Equal("tcp 192.0.2.1:1234 > 192.0.2.2:80", s_tcp.ToString());
        Assert.Equal("tcp 192.0.2.2:80 > 192.0.2.1:1234", s_tcp.Reversed.ToString());
        var v6 = new ConnectionTuple(true, TransportProtocol.Udp, 1, 2, 3, 4);
        Assert.Equal("udp [::1]:3 > [::2]:4", v6.ToString());
        var echo = new ConnectionTuple(false, TransportProtocol.Icmp, 0xc0000201, 0xc0000202, 7, 8 << 8);
        Assert.Equal("icmp 192.0.2.1 > 192.0.2.2 id 7 type 8 code 0", echo.ToString());
        Assert.Equal("icmp 192.0.2.2 > 192.0.2.1 id 7 type 0 code 0", echo.Reversed.ToString());
        Assert.Equal(echo, echo.Reversed.Reversed);
    }

    [Fact]
    public void A_translated_connection_reads_with_both_forms() => Assert.Equal(
        "zone 9 tcp 192.0.2.1:1234 > 192.0.2.2:80 as tcp 192.0.2.9:1234 > 192.0.2.2:80 [SourceNat]",
        new Connection(9, s_tcp, s_tcp.Reversed with { Destination = 0xc0000209 }) { Status = ConnectionStatus.SourceNat }.ToString());

    [Theory]
    [InlineData(TcpState.Established, Answered | ConnectionStatus.Assured, OffloadObstacle.None)]
    [InlineData(TcpState.Established, Answered, OffloadObstacle.NotEstablished)]
    [InlineData(TcpState.SynReceived, Answered | ConnectionStatus.Assured, OffloadObstacle.NotEstablished)]
    [InlineData(TcpState.FinWait, Answered | ConnectionStatus.Assured, OffloadObstacle.NotEstablished)]
    [InlineData(TcpState.Established, ConnectionStatus.Confirmed | ConnectionStatus.Assured, OffloadObstacle.Unanswered)]
    [InlineData(TcpState.Established, ConnectionStatus.SeenReply | ConnectionStatus.Assured, OffloadObstacle.Unconfirmed)]
    [InlineData(TcpState.Established, Answered | ConnectionStatus.Assured | ConnectionStatus.Dying, OffloadObstacle.Dying)]
    [InlineData(TcpState.Established, Answered | ConnectionStatus.Assured | ConnectionStatus.Helper, OffloadObstacle.Helper)]
    [InlineData(TcpState.Established, Answered | ConnectionStatus.Assured | ConnectionStatus.SequenceAdjust, OffloadObstacle.Helper)]
    public void Tcp_is_for_the_fast_path_when_it_is_established(TcpState state, ConnectionStatus status, OffloadObstacle obstacle) => Assert.Equal(
        obstacle,
        OffloadObstacles.Of(new Connection(1, s_tcp, s_tcp.Reversed) { Status = status, Tcp = s_established with { Original = state, Reply = state } }));

    [Theory]
    [InlineData(TransportProtocol.Udp, 8, OffloadObstacle.None)]
    [InlineData(TransportProtocol.Icmp, 8, OffloadObstacle.None)]
    [InlineData(TransportProtocol.Icmp, 13, OffloadObstacle.NotEcho)]
    [InlineData(TransportProtocol.Icmpv6, 128, OffloadObstacle.None)]
    [InlineData(TransportProtocol.Icmpv6, 135, OffloadObstacle.NotEcho)]
    [InlineData(TransportProtocol.Sctp, 8, OffloadObstacle.NotEstablished)]
    public void Others_are_when_they_are_answered(TransportProtocol protocol, byte type, OffloadObstacle obstacle)
    {
        var tuple = s_tcp with { Protocol = protocol, DestinationPort = (ushort)(type << 8) };
        Assert.Equal(obstacle, OffloadObstacles.Of(new Connection(1, tuple, tuple.Reversed) { Status = Answered }));
    }

    [Fact]
    public void The_pace_is_a_share_of_the_time_within_bounds()
    {
        var pace = new DumpPace(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), 0.1);
        Assert.Equal(TimeSpan.FromSeconds(1), pace.PauseAfter(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromSeconds(9), pace.PauseAfter(TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.FromSeconds(20), pace.PauseAfter(TimeSpan.FromSeconds(10)));
    }
}
