using System.Net;
using GatewayOS.Core;

namespace GatewayOS.System.Tests.Stateful;

/// <summary>The comparison reports what it has to.</summary>
public sealed class DifferenceTests
{
    private static readonly Packet s_segment = new()
    {
        EthSource = MacAddress.Parse("02:00:00:00:00:01"),
        EthDestination = MacAddress.Parse("02:00:00:00:00:02"),
        Source = IPAddress.Parse("172.16.0.11"),
        Destination = IPAddress.Parse("172.16.0.100"),
        Protocol = Packet.Tcp,
        SourcePort = 20000,
        DestinationPort = 7000,
        Flags = Packet.Ack,
        Length = 40,
    };

    [Fact]
    public void The_same_frames_at_the_same_ends_are_no_difference_in_whatever_order() =>
        Assert.Null(Difference.Of([At("a1", s_segment), At("b1", s_segment)], [At("b1", s_segment), At("a1", s_segment)]));

    [Theory]
    [InlineData("a frame at another end")]
    [InlineData("a frame too many")]
    [InlineData("a frame too few")]
    [InlineData("another TTL")]
    [InlineData("another port")]
    public void Anything_else_is_one(string what)
    {
        var arrival = At("a1", s_segment);
        IReadOnlyList<Arrival> fast = what switch
        {
            "a frame at another end" => [At("a2", s_segment)],
            "a frame too many" => [arrival, arrival],
            "a frame too few" => [],
            "another TTL" => [At("a1", s_segment with { Ttl = 63 })],
            _ => [At("a1", s_segment with { SourcePort = 20001 })],
        };
        Assert.NotNull(Difference.Of([arrival], fast));
    }

    [Theory]
    [InlineData(Packet.Tcp)]
    [InlineData(Packet.Udp)]
    [InlineData(Packet.Icmp)]
    public void The_port_that_a_NAT_chose_may_be_another_and_nothing_else(byte protocol)
    {
        var stock = s_segment with { Protocol = protocol, IcmpType = protocol == Packet.Icmp ? (byte)8 : (byte)0 };
        var fast = stock with { SourcePort = 20001 };
        Assert.Null(Came(stock, fast, null).Difference);
        Assert.Null(Came(stock, fast, new PortChoice(20000, 20001)).Difference);
        Assert.NotNull(Came(stock, fast, new PortChoice(20000, 20000)).Difference);
        Assert.NotNull(Came(stock, fast, new PortChoice(20000, 20002)).Difference);
        Assert.NotNull(Came(stock, fast with { Ttl = 63 }, null).Difference);
        var wrong = At("ext", fast);
        wrong.Frame[^1] ^= 1;
        Assert.NotNull((Came(stock, fast, null) with { Fast = [wrong] }).Difference);
    }

    [Fact]
    public void An_error_about_a_packet_by_that_port_is_the_same()
    {
        Packet Error(ushort port) => s_segment with
        {
            Protocol = Packet.Icmp,
            IcmpType = 3,
            IcmpCode = 4,
            SourcePort = 0,
            DestinationPort = 1400,
            Quoted = Packet.QuoteOf((s_segment with { SourcePort = port }).ToFrame(1)),
        };
        // The quoted header has no checksum of its own that a port is in.
        Assert.Null(Came(Error(20000), Error(20001), new PortChoice(20000, 20001)).Difference);
        Assert.NotNull(Came(Error(20000), Error(20001), new PortChoice(20000, 20000)).Difference);
    }

    [Fact]
    public void A_frame_is_read_as_it_was_written()
    {
        var read = Packet.Read(s_segment.ToFrame(7))!;
        Assert.Equal(s_segment with { Length = read.Length }, read);
        Assert.Equal(7u, Mark.Find(s_segment.ToFrame(7)));
        Assert.Equal(8u, Mark.Find((s_segment with { Protocol = Packet.Icmp, IcmpType = 3, Quoted = s_segment.ToFrame(7) }).ToFrame(8)));
    }

    private static Arrival At(string node, Packet packet) => new(node, packet.ToFrame(1));

    private static Sent Came(Packet stock, Packet fast, PortChoice? ports) =>
        new(1, new Order("a1", stock, stock, ports), [At("ext", stock)], [At("ext", fast)]);
}
