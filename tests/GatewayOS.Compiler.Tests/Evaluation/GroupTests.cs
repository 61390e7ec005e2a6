using GatewayOS.Core;
using GatewayOS.Ovn.Rows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>Unicast to a group of ports, as OVN floods what it does not know: exact where one copy or none is left.</summary>
public sealed class GroupTests
{
    private const string Flood = "outport = \"_MC_unknown\"; output;";

    [Fact]
    public void One_member_that_is_left_gets_the_packet() => Assert.Equal(["3"], new SmallNetwork().Group("_MC_unknown", "in", "out").Ingress("ip4", Flood).Fates());

    [Fact]
    public void Nobody_gets_what_only_its_sender_would() => Assert.Equal(["deny"], new SmallNetwork().Group("_MC_unknown", "in").Ingress("ip4", Flood).Fates());

    [Fact]
    public void A_member_that_drops_the_packet_does_not_count() =>
        Assert.Equal(["4"], new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood).Flow("egress", 0, "outport == \"out\"", "drop;", 1).Fates());

    [Fact]
    public void Members_of_another_chassis_are_one_copy_for_the_group()
    {
        var network = new SmallNetwork();
        network.Port(new PortBinding { LogicalPort = "vm1", Chassis = network.Far }).Port(new PortBinding { LogicalPort = "vm2", Chassis = network.Far });

        Assert.Equal(["1 geneve 1 -> 8000"], network.Group("_MC_unknown", "in", "vm1", "vm2").Ingress("ip4", Flood).Fates());
    }

    [Fact]
    public void Members_elsewhere_are_reached_by_the_network_alone()
    {
        var network = new SmallNetwork().Network("net");
        network.Port(new PortBinding { LogicalPort = "vm1", Chassis = network.Far });

        Assert.Equal(["4"], network.Group("_MC_unknown", "net", "vm1").Ingress("ip4", Flood).Fates());
    }

    [Fact]
    public void Several_copies_are_left_to_OVS() =>
        Assert.Equal(
            ["a group of output ports (flooding, multicast): _MC_unknown"],
            new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood).Reasons());

    [Fact]
    public void What_floods_in_from_a_bridge_with_the_hosts_port_is_left_to_it()
    {
        var network = new SmallNetwork().Network("net", null, "localnet", new MacAddress(0x0200_0000_0009)).Group("_MC_unknown", "net").Ingress("ip4", Flood);
        var alone = new SmallNetwork().Network("net").Group("_MC_unknown", "net").Ingress("ip4", Flood);

        Assert.Contains(network.Compile().Entries, entry => entry.Cause is { Detail: "outport \"_MC_unknown\", and the host" });
        Assert.DoesNotContain(alone.Compile().Entries, entry => entry.Cause is { Detail: "outport \"_MC_unknown\", and the host" });
    }
}
