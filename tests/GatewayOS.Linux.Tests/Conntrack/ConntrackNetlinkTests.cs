using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;

namespace GatewayOS.Linux.Tests.Conntrack;

/// <summary>Real traffic between two namespaces, as the kernel's tracker of one of them tells it.</summary>
public sealed class ConntrackNetlinkTests
{
    private const string Marks =
        "chain marks { type filter hook postrouting priority 0; udp dport 5001 ct mark set 0x11; udp dport 5001 ct label set 100; udp dport 5002 ct mark set 0x21; }";

    [Fact]
    public void An_answered_datagram_is_a_connection_with_zone_mark_and_labels()
    {
        using var link = new TrackedLink(Marks);
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        var port = Port(link.Datagram(5001, answer: true));
        var entry = Assert.Single(All(conntrack));
        Assert.Equal(
            new Connection(TrackedLink.Zone, Udp(TrackedLink.Here, port, TrackedLink.There, 5001), Udp(TrackedLink.There, 5001, TrackedLink.Here, port))
            {
                Status = ConnectionStatus.SeenReply | ConnectionStatus.Confirmed,
                Mark = 0x11,
                Labels = UInt128.One << 100,
                Id = entry.Connection.Id,
            },
            entry.Connection);
        Assert.NotEqual(0u, entry.Connection.Id);
        Assert.InRange(entry.Timeout!.Value.TotalSeconds, 1, 180);
        Assert.Equal(OffloadObstacle.None, OffloadObstacles.Of(entry.Connection));
    }

    [Fact]
    public void An_unanswered_datagram_is_not_yet_for_the_fast_path()
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: false);
        Assert.Equal(OffloadObstacle.Unanswered, OffloadObstacles.Of(Assert.Single(All(conntrack)).Connection));
    }

    [Fact]
    public void Tcp_is_established_assured_and_made_liberal()
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Connect(5001);
        var connection = Assert.Single(All(conntrack)).Connection;
        Assert.True(connection.Has(ConnectionStatus.SeenReply | ConnectionStatus.Assured | ConnectionStatus.Confirmed));
        Assert.True(connection.Tcp is { IsEstablished: true, IsLiberal: false });
        Assert.Equal(OffloadObstacle.None, OffloadObstacles.Of(connection));

        Assert.True(conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { BeLiberal = true, Timeout = TimeSpan.FromSeconds(777) }));
        var changed = conntrack.Find(connection.Zone, connection.Reply)!;
        Assert.Equal(connection with { Tcp = changed.Connection.Tcp }, changed.Connection);
        Assert.True(changed.Connection.Tcp is { IsEstablished: true, IsLiberal: true });
        Assert.InRange(changed.Timeout!.Value.TotalSeconds, 770, 777);

        Assert.True(conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { BeLiberal = false }));
        Assert.False(conntrack.Find(connection.Zone, connection.Original)!.Connection.Tcp!.Value.IsLiberal);
    }

    [Theory]
    [InlineData(false, 8, 0)]
    [InlineData(true, 128, 129)]
    public void An_echo_is_known_by_its_identifier(bool v6, byte request, byte reply)
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Ping(0x1234, v6);
        var connection = All(conntrack).Select(entry => entry.Connection).Single(it => it.Original.IsIcmp && it.Original.SourcePort == 0x1234);
        Assert.Equal((request, (byte)0, v6), (connection.Original.IcmpType, connection.Original.IcmpCode, connection.Original.IsIpv6));
        Assert.Equal((reply, (ushort)0x1234), (connection.Reply.IcmpType, connection.Reply.SourcePort));
        Assert.False(connection.IsTranslated);
        Assert.Equal(OffloadObstacle.None, OffloadObstacles.Of(connection));
    }

    [Fact]
    public void Sctp_has_a_state()
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        // RFC 9260 §3.1, §3.3.2: ports 5000 and 5001, tag 0, no checksum; INIT of 20 octets. The kernel's first state is CLOSED.
        link.SendPacket(132, [0x13, 0x88, 0x13, 0x89, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 20, 0, 0, 0, 9, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1]);
        var connection = Assert.Single(All(conntrack)).Connection;
        Assert.Equal(
            (TransportProtocol.Sctp, (ushort)5000, (ushort)5001, SctpState.Closed),
            (connection.Original.Protocol, connection.Original.SourcePort, connection.Original.DestinationPort, connection.Sctp));
    }

    [Fact]
    public void Translation_shows_in_the_reply_tuple()
    {
        using var link = new TrackedLink(
            "chain translated { type nat hook postrouting priority srcnat; udp dport 5001 snat ip to 192.0.2.3:777; }\n"
            + "chain redirected { type nat hook output priority -100; udp dport 5002 dnat ip to 192.0.2.2:5003; }");
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        var port = Port(link.Datagram(5001, answer: true));
        var translated = Assert.Single(All(conntrack)).Connection;
        Assert.Equal(Udp(TrackedLink.There, 5001, IPAddress.Parse("192.0.2.3"), 777), translated.Reply);
        Assert.True(translated.IsTranslated);
        Assert.True(translated.Has(ConnectionStatus.SourceNat) && !translated.Has(ConnectionStatus.DestinationNat));

        using var here = link.Bound(there: false, SocketType.Dgram, ProtocolType.Udp, TrackedLink.Here);
        here.SendTo([1], new IPEndPoint(TrackedLink.There, 5002));
        var redirected = conntrack.Find(TrackedLink.Zone, Udp(TrackedLink.There, 5003, TrackedLink.Here, Port(here)))!.Connection;
        Assert.Equal(Udp(TrackedLink.Here, Port(here), TrackedLink.There, 5002), redirected.Original);
        Assert.True(redirected.Has(ConnectionStatus.DestinationNat));
        Assert.NotEqual(port, Port(here));
    }

    [Fact]
    public void A_dump_is_of_a_zone_or_of_marks()
    {
        using var link = new TrackedLink(Marks, "udp dport map { 5001 : 7, 5002 : 8 }");
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: true);
        link.Datagram(5002, answer: true);
        Assert.Equal([7, 8], Zones(conntrack, ConntrackFilter.All));
        Assert.Equal([7], Zones(conntrack, new ConntrackFilter(7)));
        Assert.Equal([8], Zones(conntrack, new ConntrackFilter(Mark: 0x20, MarkMask: 0xf0)));
        Assert.Equal([7, 8], Zones(conntrack, new ConntrackFilter(Mark: 0x01, MarkMask: 0x0f)));
        Assert.Equal([], Zones(conntrack, new ConntrackFilter(7, 0x20, 0xf0)));
    }

    [Fact]
    public void A_connection_is_ended_by_its_tuple_unless_a_later_one_has_it()
    {
        using var link = new TrackedLink();
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: true);
        var connection = Assert.Single(All(conntrack)).Connection;
        Assert.False(conntrack.Remove(8, connection.Original));
        Assert.False(conntrack.Remove(connection.Zone, connection.Original, connection.Id + 1));
        Assert.Single(All(conntrack));
        Assert.True(conntrack.Remove(connection.Zone, connection.Original, connection.Id));
        Assert.Empty(All(conntrack));
        Assert.Null(conntrack.Find(connection.Zone, connection.Original));
        Assert.False(conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Timeout = TimeSpan.FromSeconds(9) }));
    }

    [Fact]
    public void A_flush_leaves_other_zones_and_takes_other_protocols()
    {
        using var link = new TrackedLink(zone: "udp dport map { 5001 : 7, 5002 : 8 }");
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Inside.Nft("table inet other { chain sent { type filter hook output priority raw; meta l4proto 99 ct zone set 7; }; }");
        link.Datagram(5001, answer: true);
        link.Datagram(5002, answer: true);
        link.SendPacket(99, [1, 2, 3, 4]);
        Assert.Equal([7, 8], Zones(conntrack, ConntrackFilter.All));
        Assert.Equal(1, conntrack.Refusals[ConntrackRefusal.Protocol]);
        Assert.Equal(2, conntrack.FlushZone(7));
        Assert.Equal([8], Zones(conntrack, ConntrackFilter.All));
        Assert.Equal(0, conntrack.FlushZone(7));
    }

    [Fact]
    public void Mark_and_labels_can_be_set()
    {
        using var link = new TrackedLink(Marks);
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: true);
        var connection = Assert.Single(All(conntrack)).Connection;
        var labels = new UInt128(0x0102030405060708, 0x090a0b0c0d0e0f10);
        Assert.True(conntrack.Update(connection.Zone, connection.Original, new ConntrackUpdate { Mark = 0xdeadbeef, Labels = labels }));
        Assert.Equal(connection with { Mark = 0xdeadbeef, Labels = labels }, Assert.Single(All(conntrack)).Connection);
    }

    [Fact]
    public void Traffic_is_told_when_the_kernel_counts_it()
    {
        using var link = new TrackedLink();
        link.Inside.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/netfilter/nf_conntrack_acct", "1");
            return true;
        });
        using var conntrack = link.Inside.Run(ConntrackNetlink.Open);
        link.Datagram(5001, answer: true);
        var entry = Assert.Single(All(conntrack));
        Assert.Equal((new TrafficCount(1, 29), new TrafficCount(1, 29)), (entry.OriginalTraffic, entry.ReplyTraffic));
    }

    internal static IReadOnlyList<ConnectionEntry> All(ConntrackNetlink conntrack) =>
        // The kernel's own neighbour discovery is tracked too.
        [.. conntrack.Dump(ConntrackFilter.All).SelectMany(entries => entries).Where(entry => entry.Connection.Original is not { IsIpv6: true, IcmpType: not 128 })];

    internal static ConnectionTuple Udp(IPAddress source, ushort sport, IPAddress destination, ushort dport) =>
        new(false, TransportProtocol.Udp, Value(source), Value(destination), sport, dport);

    internal static ushort Port(Socket socket) => (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;

    private static uint Value(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IEnumerable<int> Zones(ConntrackNetlink conntrack, ConntrackFilter filter) =>
        conntrack.Dump(filter).SelectMany(entries => entries).Where(entry => !entry.Connection.Original.IsIpv6).Select(entry => (int)entry.Connection.Zone).Order();
}
