using GatewayOS.Compiler.Evaluation;
using GatewayOS.Ovn.Rows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>A reason says what it is about, so that the counters and the coverage report tell what is left.</summary>
public sealed class ReasonTests
{
    [Theory]
    [InlineData("ip.ttl = 255; next;", "an action the pipeline does not do: ip.ttl = constant")]
    [InlineData("eth.src = eth.dst; next;", "an action the pipeline does not do: eth.src = eth.dst")]
    [InlineData("ip4.src <-> ip4.dst; next;", "an action the pipeline does not do: field <-> field")]
    [InlineData("set_queue(7); next;", "an action the pipeline does not do: set_queue")]
    [InlineData("arp { output; };", "a packet that software must generate or answer: arp")]
    [InlineData("outport = \"_MC_flood\"; output;", "a group of output ports (flooding, multicast): _MC_flood")]
    [InlineData("outport = \"239.1.1.1\"; output;", "a group of output ports (flooding, multicast): an IP multicast group")]
    [InlineData("outport = \"gw\"; output;", "an output port that the device cannot reach: type remote")]
    public void An_action_is_named(string actions, string reason) =>
        Assert.Equal([reason], Network().Ingress("ip4", actions).Reasons());

    [Theory]
    [InlineData("ip.dscp == 46", "ip.dscp")]
    [InlineData("ip.ttl == 64", "ip.ttl")]
    [InlineData("vlan.present || ip.ttl == 64", "ip.ttl")]
    public void The_field_of_a_match_is_named(string match, string field) =>
        Assert.Equal([$"a match on something the pipeline cannot test: {field}"], Network().Ingress(match, "drop;").Reasons());

    [Fact]
    public void What_it_is_about_is_no_part_of_the_catalogue() =>
        Assert.Equal((Reasons.Untestable, Reasons.Conntrack), (Reasons.KindOf(Reasons.About(Reasons.Untestable, "ip.ttl")), Reasons.KindOf(Reasons.Conntrack)));

    private static SmallNetwork Network() => new SmallNetwork()
        .Machine("third").Port(new PortBinding { LogicalPort = "gw", Type = "remote" }).Flow("egress", 0, "outport == \"third\"", "flags.loopback = 0; output;", 1)
        .Group("_MC_flood", "in", "out", "third").Group("239.1.1.1", "in", "out", "third");
}
