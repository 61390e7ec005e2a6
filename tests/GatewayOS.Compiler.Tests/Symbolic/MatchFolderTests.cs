using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Symbolic;

/// <summary>What is left of a match for a packet that enters at "vm1" of a switch.</summary>
public sealed class MatchFolderTests
{
    private const int MaxLength = int.MaxValue;
    private static readonly LogicalFlowParser s_parser = new();

    [Theory]
    [InlineData("1", "true")]
    [InlineData("inport == \"vm1\"", "true")]
    [InlineData("inport == \"vm2\" && ip4.dst == 10.0.0.1", "false")]
    [InlineData("ip4", "true")]
    [InlineData("ip6 || arp", "false")]
    [InlineData("arp.op == 1 && arp.tpa == 10.0.0.1", "false")]
    [InlineData("vlan.present || eth.src[40]", "false")]
    [InlineData("eth.mcast", "false")]
    [InlineData("eth.dst == 02:00:00:00:00:01", "EthDestination=0x20000000001/0xffffffffffff")]
    [InlineData("eth.dst == ff:ff:ff:ff:ff:ff", "false")]
    [InlineData("ip4.dst == 10.0.0.0/24", "Destination=0xa000000/0xffffff00")]
    [InlineData("ip4.mcast", "false")]
    [InlineData("ip4.src == 127.0.0.1", "false")]
    [InlineData("ip.ttl == {0, 1}", "false")]
    [InlineData("ip.ttl == 64", "maybe *")]
    [InlineData("ip.is_frag", "false")]
    [InlineData("!ip.is_frag", "true")]
    [InlineData("ct.trk && ct.est", "false")]
    [InlineData("!ct.trk", "true")]
    [InlineData("reg0 == 0 && flags.loopback == 0", "true")]
    [InlineData("udp.src == 68 && udp.dst == 67", "false")]
    [InlineData("udp && udp.src == 546 && udp.dst == 547", "false")]
    [InlineData("udp.dst == 3784", "false")]
    [InlineData("udp.src == {53, 4784}", "Protocol=0x11/0xff && L4Source=0x35/0xffff")]
    [InlineData("tcp.dst == 547", "Protocol=0x6/0xff && L4Destination=0x223/0xffff")]
    [InlineData("igmp", "false")]
    [InlineData("tcp.dst == {80, 443}", "Protocol=0x6/0xff && L4Destination=0x50/0xffff | Protocol=0x6/0xff && L4Destination=0x1bb/0xffff")]
    [InlineData("tcp && udp", "false")]
    [InlineData("icmp4.type == 8 && icmp4.code == 0", "Protocol=0x1/0xff && L4Source=0x8/0xff && L4Destination=0x0/0xff")]
    [InlineData("ip.dscp == 10 && ip4.dst == 10.0.0.1", "maybe Destination=0xa000001/0xffffffff")]
    [InlineData("ip.ecn == 3 && ip4.dst == 10.0.0.1", "maybe Destination=0xa000001/0xffffffff")]
    [InlineData("is_chassis_resident(\"here\")", "true")]
    [InlineData("!is_chassis_resident(\"here\") || ip4.dst == 10.0.0.1", "Destination=0xa000001/0xffffffff")]
    public void A_match_on_an_Ipv4_packet_folds_to(string match, string expected) =>
        Assert.Equal(expected, Text(Fold(match, PacketClass.Ipv4)));

    [Theory]
    [InlineData("ip4", "false")]
    [InlineData("ip6.dst == fe80::/64", "Destination=0xfe800000000000000000000000000000/0xffffffffffffffff0000000000000000")]
    [InlineData("nd || nd_rs || nd_ra", "false")]
    [InlineData("mldv1 || mldv2", "false")]
    [InlineData("icmp6.type == 128", "Protocol=0x3a/0xff && L4Source=0x80/0xff")]
    [InlineData("ip6.dst == 0", "false")]
    [InlineData("udp && udp.src == 546 && udp.dst == 547", "false")]
    [InlineData("udp.dst == 67", "false")]
    public void A_match_on_an_Ipv6_packet_folds_to(string match, string expected) =>
        Assert.Equal(expected, Text(Fold(match, PacketClass.Ipv6)));

    [Fact]
    public void An_unknown_input_port_leaves_the_match_open()
    {
        var state = State(PacketClass.Ipv4);
        var open = new MatchFolder(_ => false).Fold(Parse("inport == \"vm1\""), state.WithPorts(null, "vm2"));

        Assert.Equal("maybe *", Text(open));
    }

    [Fact]
    public void A_product_of_sets_that_is_too_large_is_approximated_by_its_narrower_side()
    {
        var hosts = string.Join(", ", Enumerable.Range(1, 100).Select(host => $"10.0.0.{host}"));
        var residual = Fold($"ip4.src == {{{hosts}}} && ip4.dst == {{{hosts}, 10.0.1.1}}", PacketClass.Ipv4);

        Assert.Equal(100, residual.Alternatives.Length);
        Assert.All(residual.Alternatives, alternative => Assert.False(alternative.Exact));
    }

    private static Residual Fold(string match, PacketClass packetClass) =>
        new MatchFolder(port => port == "here").Fold(Parse(match), State(packetClass));

    private static Expr Parse(string match) => Annotation.Annotate(s_parser.ParseMatch(match).Match!);

    private static SymbolicState State(PacketClass packetClass) => new(
        new RootCatalog(packetClass), "vm1", "", new Passage(new Origin.Port(1, "vm1"), 0, 0, MaxLength, InPortHidden: false));

    private static string Text(Residual residual) =>
        residual.IsTrue ? "true" : residual.IsFalse ? "false"
        : string.Join(" | ", residual.Alternatives.Select(alternative => (alternative.Exact ? "" : "maybe ") + alternative.Cube));
}
