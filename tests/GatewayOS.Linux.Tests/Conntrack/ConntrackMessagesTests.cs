using CsCheck;
using GatewayOS.Connections;
using GatewayOS.Linux.Conntrack;
using GatewayOS.Linux.Netlink;
using static GatewayOS.Linux.Conntrack.ConntrackAttribute;

namespace GatewayOS.Linux.Tests.Conntrack;

public sealed class ConntrackMessagesTests
{
    private static readonly TransportProtocol[] s_protocols =
        [TransportProtocol.Tcp, TransportProtocol.Udp, TransportProtocol.Sctp, TransportProtocol.Icmp, TransportProtocol.Icmpv6];

    private static readonly Gen<ConnectionTuple> s_tuples =
        from protocol in Gen.Int[0, 4].Select(i => s_protocols[i])
        from v6 in Gen.Bool
        from octets in Gen.ULong.Array[4]
        from ports in Gen.UShort.Array[2]
        let isIpv6 = protocol == TransportProtocol.Icmpv6 || (v6 && protocol != TransportProtocol.Icmp)
        let source = isIpv6 ? new UInt128(octets[0], octets[1]) : (uint)octets[0]
        let destination = isIpv6 ? new UInt128(octets[2], octets[3]) : (uint)octets[2]
        select new ConnectionTuple(isIpv6, protocol, source, destination, ports[0], ports[1]);

    private static readonly ConnectionTuple s_tuple = new(false, TransportProtocol.Tcp, 0xc0000201, 0xc0000202, 1234, 80);

    [Fact]
    public void A_tuple_is_read_as_it_was_written() => s_tuples.Sample(tuple =>
        TupleReader.Read(ConntrackRequests.Tuple(tuple), out var read) == ConntrackRefusal.None && read == tuple);

    [Fact]
    public void A_connection_is_read()
    {
        Assert.Equal(ConntrackRefusal.None, ConntrackMessages.Read(Body(), isEvent: false, out var entry));
        Assert.Equal(
            new ConnectionEntry(new Connection(9, s_tuple, s_tuple.Reversed)
            {
                Status = ConnectionStatus.SeenReply | ConnectionStatus.Assured | ConnectionStatus.Confirmed | ConnectionStatus.Helper,
                Mark = 0x01020304,
                Labels = new UInt128(0x8000000000000000, 1),
                Id = 5,
                Tcp = new TcpTracking(TcpState.Established, TcpState.Established, TcpFlags.BeLiberal, TcpFlags.WindowScale),
            })
            {
                Timeout = TimeSpan.FromSeconds(300),
                OriginalTraffic = new TrafficCount(2, 120),
                ReplyTraffic = new TrafficCount(1, 60),
                Helper = "ftp",
            },
            entry);
        Assert.Equal(OffloadObstacle.Helper, OffloadObstacles.Of(entry!.Connection));
    }

    [Fact]
    public void An_event_without_labels_and_state_says_that_they_are_missing()
    {
        byte[] body = [FamilyIPv4, 0, 0, 0, .. new AttributeRow()
            .With(TupleOriginal, ConntrackRequests.Tuple(s_tuple)).With(TupleReply, ConntrackRequests.Tuple(s_tuple.Reversed)).Octets];
        ConntrackMessages.Read(body, isEvent: true, out var told);
        Assert.Equal(ConnectionParts.Labels | ConnectionParts.ProtocolState, told!.Missing);
        ConntrackMessages.Read(body, isEvent: false, out var listed);
        Assert.Equal(ConnectionParts.None, listed!.Missing);
        ConntrackMessages.Read(Body(), isEvent: true, out var whole);
        Assert.Equal(ConnectionParts.None, whole!.Missing);
    }

    [Fact]
    public void Whatever_is_cut_off_is_refused()
    {
        var ends = new HashSet<int>();
        var body = Body(ends);
        for (var size = 0; size < body.Length; size++)
        {
            var refusal = ConntrackMessages.Read(body.AsSpan(0, size), isEvent: false, out var entry);
            // An attribute may be absent altogether: what ends between two of them behind the tuples is a connection.
            Assert.Equal(entry is null, refusal != ConntrackRefusal.None);
            Assert.True(refusal is ConntrackRefusal.Malformed || ends.Contains(size), $"{size} octets: {refusal}");
        }
    }

    [Fact]
    public void Any_octets_are_a_connection_or_refused() => (
        from octets in Gen.Byte.Array[0, 60]
        from at in Gen.Int[0, 300]
        from start in Gen.Int[0, 2]
        select (octets, at, start)).Sample(input =>
    {
        var body = Body();
        input.octets.AsSpan(0, Math.Min(input.octets.Length, Math.Max(body.Length - input.at, 0))).CopyTo(body.AsSpan(Math.Min(input.at, body.Length)));
        byte[] given = input.start switch { 0 => input.octets, 1 => [FamilyIPv6, 0, 0, 0, .. input.octets], _ => body };
        var refusal = ConntrackMessages.Read(given, isEvent: true, out var entry);
        _ = ConntrackRequests.RemoveListed(given, 9);
        return entry is null == (refusal != ConntrackRefusal.None);
    });

    [Theory]
    [InlineData(47, ConntrackRefusal.Protocol)]
    [InlineData(1, ConntrackRefusal.Malformed)]
    [InlineData(58, ConntrackRefusal.Protocol)]
    public void Other_protocols_are_refused(byte protocol, ConntrackRefusal refusal)
    {
        var tuple = ConntrackRequests.Tuple(s_tuple).ToArray();
        // CTA_PROTO_NUM: 5 octets, type 1.
        tuple[tuple.AsSpan().IndexOf(new byte[] { 5, 0, 1, 0 }) + 4] = protocol;
        Assert.Equal(refusal, TupleReader.Read(tuple, out _));
    }

    [Fact]
    public void Tuples_of_two_kinds_or_two_zones_are_refused()
    {
        var udp = s_tuple with { Protocol = TransportProtocol.Udp };
        Assert.Equal(ConntrackRefusal.Family, Read(ConntrackRequests.Tuple(s_tuple), ConntrackRequests.Tuple(udp)));
        Assert.Equal(
            ConntrackRefusal.SplitZone,
            Read([.. ConntrackRequests.Tuple(s_tuple), .. new AttributeRow().With(TupleZone, [0, 4]).Octets], ConntrackRequests.Tuple(s_tuple.Reversed)));
        Assert.Equal(ConntrackRefusal.Family, ConntrackMessages.Read([7, .. Body()[1..]], isEvent: false, out _));
        Assert.Equal(ConntrackRefusal.Family, ConntrackMessages.Read([FamilyIPv6, .. Body()[1..]], isEvent: false, out _));
    }

    private static ConntrackRefusal Read(ReadOnlySpan<byte> original, ReadOnlySpan<byte> reply) => ConntrackMessages.Read(
        [FamilyIPv4, 0, 0, 0, .. new AttributeRow().With(TupleOriginal, original).With(TupleReply, reply).Octets], isEvent: false, out _);

    // The sizes at which it ends between two attributes go to `ends`.
    private static byte[] Body(HashSet<int>? ends = null)
    {
        var row = new AttributeRow();
        Add(TupleOriginal, ConntrackRequests.Tuple(s_tuple), isEnd: false);
        Add(TupleReply, ConntrackRequests.Tuple(s_tuple.Reversed));
        Add(Status, [0, 0, 0x20, 0x0e]);
        Add(TimeoutSeconds, [0, 0, 1, 44]);
        Add(Mark, [1, 2, 3, 4]);
        Add(ProtocolInfo, new AttributeRow().With(InfoTcp, new AttributeRow().With(StateOfTcp, [3])
            .With(TcpFlagsOriginal, [8, 0]).With(TcpFlagsReply, [1, 0]).Octets).Octets);
        Add(Help, new AttributeRow().With(HelpName, "ftp\0"u8).Octets);
        Add(Labels, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]);
        Add(CountersOriginal, new AttributeRow().With(PacketCount, [0, 0, 0, 0, 0, 0, 0, 2]).With(OctetCount, [0, 0, 0, 0, 0, 0, 0, 120]).Octets);
        Add(CountersReply, new AttributeRow().With(PacketCount, [0, 0, 0, 0, 0, 0, 0, 1]).With(OctetCount, [0, 0, 0, 0, 0, 0, 0, 60]).Octets);
        Add(Id, [0, 0, 0, 5]);
        Add(Zone, [0, 9]);
        return [FamilyIPv4, 0, 0, 0, .. row.Octets];

        void Add(ushort type, ReadOnlySpan<byte> value, bool isEnd = true)
        {
            row.With(type, value);
            if (isEnd)
            {
                // Whether the padding of the last attribute is there does not matter.
                var size = row.Octets.Length;
                ends?.UnionWith(Enumerable.Range(0, (-value.Length & 3) + 1).Select(padding => HeaderSize + size - padding));
            }
        }
    }
}
