using GatewayOS.Ovn.Rows;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>By which way packets leave for each kind of port (ovn-controller's physical.c; ovn-architecture(7)).</summary>
public sealed class PortKindTests
{
    private const string ToPort = "outport = \"port\"; output;";

    [Fact]
    public void A_container_is_behind_the_front_port_of_its_machine_in_its_VLAN_both_ways()
    {
        var network = Container("out");

        Assert.Equal(["3 vlan 42"], network.Ingress("ip4", ToPort).Fates());
        Assert.Equal([0u, 42], SmallNetwork.Vlans(network.Compile(), 3));
    }

    [Fact]
    public void A_container_may_send_to_another_in_the_same_machine() => Assert.Equal(["2 vlan 42"], Container("in").Ingress("ip4", ToPort).Fates());

    [Fact]
    public void A_container_elsewhere_has_a_tunnel_of_its_own() =>
        Assert.Equal(["1 geneve 1 -> 3"], Switch().With(network => new PortBinding { ParentPort = "vm", Tag = 42, Chassis = network.Far }).Fates());

    [Theory]
    [InlineData(null, "4")]
    [InlineData(7, "4 vlan 7")]
    public void A_port_of_type_l2gateway_here_is_a_network_both_ways(int? tag, string fate)
    {
        var network = new SmallNetwork().Network("port", tag, "l2gateway").Ingress("ip4", ToPort);

        Assert.Equal([fate], network.Fates());
        Assert.Equal([(uint)(tag ?? 0)], SmallNetwork.Vlans(network.Compile(), 4));
        Assert.Contains(network.Compile().Entries, entry => entry.Entry.Table == P4.TableNames.EntryTunnel && entry.Entry.Match.Contains(new P4.FieldMatch.Exact(P4.KeyNames.OutKey, 3)));
    }

    [Fact]
    public void A_port_of_type_l2gateway_elsewhere_has_a_tunnel() =>
        Assert.Equal(["1 geneve 1 -> 3"], Switch().With(network => new PortBinding { Type = "l2gateway", Chassis = network.Far }).Fates());

    [Theory]
    [InlineData("")]
    [InlineData("external")]
    [InlineData("l3gateway")]
    [InlineData("l2gateway")]
    public void What_is_elsewhere_on_a_switch_with_a_network_is_reached_by_that(string type) =>
        Assert.Equal(["4 vlan 100"], new SmallNetwork().Network("net", 100).With(network => new PortBinding { Type = type, Chassis = network.Far }).Fates());

    [Theory]
    [InlineData("", "1 vxlan 3001")]
    [InlineData("vtep", "1 vxlan 1")]
    public void A_VTEP_switch_is_told_no_output_port(string type, string fate)
    {
        var network = new SmallNetwork("vxlan");
        Assert.Equal([fate], network.Port(new PortBinding { LogicalPort = "port", Type = type, Chassis = network.Far }).Ingress("ip4", ToPort).Fates());
    }

    [Theory]
    [InlineData(false, "1 vxlan 800001")]
    [InlineData(true, "1 vxlan 1")]
    public void Groups_have_keys_of_their_own_in_VXLAN_but_for_a_VTEP_switch(bool isVtep, string fate)
    {
        var network = new SmallNetwork("vxlan", isVtep);
        network.Port(new PortBinding { LogicalPort = "port", Type = isVtep ? "vtep" : "", Chassis = network.Far }).Group("_MC_unknown", "in", "port");
        Assert.Equal([fate], network.Ingress("ip4", "outport = \"_MC_unknown\"; output;").Fates());
    }

    [Fact]
    public void A_localport_on_the_device_is_a_machine_that_sends_nothing_away()
    {
        var network = new SmallNetwork().Leg("port").Port(new PortBinding { LogicalPort = "port", Type = "localport" });
        Assert.Equal(["4"], network.Ingress("inport == \"in\"", ToPort, 1).Fates());
        Assert.Equal([0u], SmallNetwork.Vlans(network.Compile(), 4));

        network.Network("net").Ingress("inport == \"port\"", "outport = \"net\"; output;");
        Assert.Contains(network.Compile().Entries, entry => entry.Cause?.Reason.EndsWith("a network, from a localport", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("remote")]
    [InlineData("localport")]
    public void Other_kinds_are_left_to_OVS(string type) =>
        Assert.Equal([$"an output port that the device cannot reach: type {type}"], Switch().With(network => new PortBinding { Type = type, Chassis = network.Far }).Reasons());

    [Fact]
    public void With_chassis_MAC_mappings_the_bridge_rewrites_what_leaves_for_the_network() =>
        Assert.Equal(
            ["an output port that the device cannot reach: a network without a port of the device"],
            new SmallNetwork { Mappings = "port:02:00:00:00:00:77" }.Network("port").Ingress("ip4", ToPort).Reasons());

    private static SmallNetwork Container(string machine) => Switch().With(network => new PortBinding { ParentPort = machine, Tag = 42, Chassis = network.Self }, ingress: false);

    private static SmallNetwork Switch() => new();
}

file static class SmallNetworks
{
    public static SmallNetwork With(this SmallNetwork network, Func<SmallNetwork, PortBinding> port, bool ingress = true)
    {
        network.Port(port(network) with { LogicalPort = "port" });
        return ingress ? network.Ingress("ip4", "outport = \"port\"; output;") : network;
    }
}
