using CsCheck;
using GatewayOS.Connections;

namespace GatewayOS.Vswitchd.Tests;

public sealed class ConntrackTextTests
{
    private const string Udp = "udp,orig=(src=10.0.0.1,dst=10.0.0.99,sport=4000,dport=5000),reply=(src=10.0.0.2,dst=10.0.0.1,sport=5000,dport=4000),id=0,zone=5,status=0,timeout=59,mark=7,labels=0x1234";

    private const string Tcp = "tcp,orig=(src=2001:db8::1,dst=2001:db8::2,sport=4001,dport=80),reply=(src=2001:db8::2,dst=2001:db8::1,sport=80,dport=4001),id=3,status=0,timeout=86399,"
        + "protoinfo=(state_orig=ESTABLISHED,state_reply=ESTABLISHED,wscale_orig=10,wscale_reply=10,flags_orig=WINDOW_SCALE|BE_LIBERAL,flags_reply=0)";

    private const string Icmp = "icmp,orig=(src=10.0.0.1,dst=10.0.0.2,id=7,type=8,code=0),reply=(src=10.0.0.2,dst=10.0.0.9,id=7,type=0,code=0),id=0,status=0,timeout=1,helper=ftp,"
        + "parent=(src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2)";

    [Fact]
    public void A_datagram_is_read_with_what_the_tuples_tell_of_translation()
    {
        Assert.Equal(ConntrackTextRefusal.None, ConntrackText.Read(Udp, out var entry));
        Assert.Equal(
            new ConnectionEntry(new Connection(
                5,
                new ConnectionTuple(false, TransportProtocol.Udp, 0x0a000001, 0x0a000063, 4000, 5000),
                new ConnectionTuple(false, TransportProtocol.Udp, 0x0a000002, 0x0a000001, 5000, 4000))
            {
                Status = ConnectionStatus.Confirmed | ConnectionStatus.DestinationNat,
                Mark = 7,
                Labels = 0x1234,
            })
            {
                Timeout = TimeSpan.FromSeconds(59),
            },
            entry);
    }

    [Fact]
    public void Tcp_is_read_with_both_states()
    {
        Assert.Equal(ConntrackTextRefusal.None, ConntrackText.Read(Tcp, out var entry));
        var connection = entry!.Connection;
        Assert.Equal((0, 3u, true, 80), (connection.Zone, connection.Id, connection.Original.IsIpv6, connection.Original.DestinationPort));
        Assert.Equal(
            new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.WindowScale | TcpFlags.BeLiberal, TcpFlags.None), connection.Tcp);
        Assert.Equal(OffloadObstacle.None, OffloadObstacles.Of(connection));
        ConntrackText.Read(Tcp.Replace("reply=ESTABLISHED", "reply=CLOSED", StringComparison.Ordinal), out var opening);
        Assert.Equal(OffloadObstacle.Unanswered, OffloadObstacles.Of(opening!.Connection));
        ConntrackText.Read(Tcp.Replace("reply=ESTABLISHED", "reply=FIN_WAIT_2", StringComparison.Ordinal), out var closing);
        Assert.Equal(OffloadObstacle.NotEstablished, OffloadObstacles.Of(closing!.Connection));
    }

    [Fact]
    public void An_echo_is_read_with_its_helper()
    {
        Assert.Equal(ConntrackTextRefusal.None, ConntrackText.Read(Icmp, out var entry));
        Assert.Equal((7, 8, 0), (entry!.Connection.Original.SourcePort, entry.Connection.Original.IcmpType, entry.Connection.Reply.IcmpType));
        Assert.Equal("ftp", entry.Helper);
        Assert.True(entry.Connection.Has(ConnectionStatus.SourceNat | ConnectionStatus.Helper));
    }

    [Theory]
    [InlineData("igmp,orig=(src=1.1.1.1,dst=2.2.2.2,sport=0,dport=0)", ConntrackTextRefusal.Protocol)]
    [InlineData("47,orig=(src=1.1.1.1,dst=2.2.2.2,sport=0,dport=0)", ConntrackTextRefusal.Protocol)]
    [InlineData("", ConntrackTextRefusal.Malformed)]
    [InlineData("udp", ConntrackTextRefusal.Malformed)]
    [InlineData("udp,orig=(src=1.1.1.1,dst=2.2.2.2,sport=0,dport=0)", ConntrackTextRefusal.Malformed)]
    [InlineData("ovs-vswitchd: no datapath (really), sorry", ConntrackTextRefusal.Malformed)]
    public void Other_lines_are_refused(string line, ConntrackTextRefusal refusal)
    {
        Assert.Equal(refusal, ConntrackText.Read(line, out var entry));
        Assert.Null(entry);
    }

    [Theory]
    [InlineData("dport=5000)", "dport=70000)")]
    [InlineData("src=10.0.0.1", "src=10.0.0.256")]
    [InlineData("src=10.0.0.1", "src=::1")]
    [InlineData("zone=5", "zone=65536")]
    [InlineData("labels=0x1234", "labels=1234")]
    [InlineData("labels=0x1234", "labels=0x")]
    [InlineData("timeout=59", "timeout=-1")]
    [InlineData("id=0,", "id=0,,")]
    [InlineData("dport=5000),", "dport=5000)")]
    [InlineData("sport=4000,", "")]
    public void What_is_wrong_somewhere_is_refused_altogether(string right, string wrong) =>
        Assert.Equal(ConntrackTextRefusal.Malformed, ConntrackText.Read(Udp.Replace(right, wrong, StringComparison.Ordinal), out _));

    [Fact]
    public void A_field_that_nobody_knows_is_skipped() =>
        Assert.Equal(ConntrackTextRefusal.None, ConntrackText.Read(Udp + ",novelty=(a=1),other=2", out _));

    [Fact]
    public void Any_text_is_a_connection_or_refused() => (
        from line in Gen.Int[0, 2].Select(i => new[] { Udp, Tcp, Icmp }[i])
        from at in Gen.Int[0, 200]
        from cut in Gen.Int[0, 20]
        from text in Gen.String[Gen.Char["=(),:.0x1aftcpd|"], 0, 20]
        select (line, at, cut, text)).Sample(it =>
    {
        var start = Math.Min(it.at, it.line.Length);
        var changed = it.line[..start] + it.text + it.line[Math.Min(start + it.cut, it.line.Length)..];
        return ConntrackText.Read(changed, out var entry) == ConntrackTextRefusal.None == (entry is not null)
            && ConntrackText.Read(it.text, out var none) != ConntrackTextRefusal.None == none is null;
    });
}
