using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
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

    [Theory]
    [InlineData("outport = \"out\"; output;", "3")]
    [InlineData("outport = \"elsewhere\"; output;", "deny")]
    [InlineData("outport = \"elsewhere\"; flags.loopback = 1; output;", "punt")]
    [InlineData("outport = inport; output;", "deny")]
    [InlineData("eth.dst <-> eth.src; outport = inport; flags.loopback = 1; output;", "1 vxlan 1")]
    [InlineData("outport = \"_MC_flood\"; output;", "2 + 3")]
    [InlineData("outport = \"_MC_flood\"; flags.loopback = 1; output;", "punt")]
    [InlineData("ct_next;", "punt")]
    public void What_comes_from_a_VTEP_switch_goes_on_by_no_tunnel_but_as_an_answer(string actions, string fate)
    {
        var network = Vtep().With(network => new PortBinding { Type = "vtep", Chassis = network.Far }, ingress: false)
            .Port(new PortBinding { LogicalPort = "elsewhere", Chassis = Guid.NewGuid() }).Group("_MC_flood", "in", "out", "port", "elsewhere");

        Assert.Equal([fate], network.Ingress("inport == \"port\"", actions).FatesFromVtep());
    }

    [Fact]
    public void The_zone_of_who_gets_it_may_be_asked_for_what_comes_from_a_VTEP_switch() => Assert.Equal(
        ["track"],
        Vtep().With(network => new PortBinding { Type = "vtep", Chassis = network.Far }, ingress: false)
            .Ingress("1", "outport = \"out\"; output;").Flow("egress", 0, "ip", "ct_next;", 100).FatesFromVtep());

    [Fact]
    public void A_group_with_a_network_is_left_to_OVS_for_what_comes_from_a_VTEP_switch() => Assert.Equal(
        ["punt"],
        Vtep().Network("net").With(network => new PortBinding { Type = "vtep", Chassis = network.Far }, ingress: false).Group("_MC_flood", "in", "out", "net")
            .Ingress("1", "outport = \"_MC_flood\"; output;").FatesFromVtep());

    [Theory]
    [InlineData("geneve", 1)]
    [InlineData("vxlan", 0)]
    [InlineData("vxlan", 2)]
    public void A_VTEP_switch_is_known_by_VXLAN_and_by_one_port_of_a_datapath(string encap, int ports)
    {
        var network = new SmallNetwork(encap).Ingress("1", "outport = \"out\"; output;");
        for (var i = 0; i < ports; i++)
        {
            network.Port(new PortBinding { LogicalPort = $"port{i}", Type = "vtep", Chassis = network.Far });
        }

        Assert.Null(network.FatesFromVtep());
    }

    [Fact]
    public void A_key_that_is_a_port_of_one_datapath_and_the_whole_of_another_is_left_to_OVS()
    {
        static SmallNetwork Network(int key) => new SmallNetwork("vxlan") { SwitchKey = key }.Datapath(0x2007, new PortBinding { LogicalPort = "far", Type = "vtep" });

        Assert.DoesNotContain(Network(7).Compile().Entries, entry => entry.Entry.Match.Contains(new P4.FieldMatch.Exact(P4.KeyNames.Vni, 0x2007)));
        Assert.Contains(Network(8).Compile().Entries, entry => entry.Entry.Match.Contains(new P4.FieldMatch.Exact(P4.KeyNames.Vni, 0x2008)));
    }

    [Theory]
    [InlineData("far", "third", "", "1 geneve 1 -> 3 + 1 geneve 1 -> 3")]
    [InlineData("self", "far", "", "1 geneve 1 -> 3 + 4")]
    [InlineData("far", "self", "", "1 geneve 1 -> 3 + 4")]
    [InlineData("far", "self", "rarp", "punt")]
    [InlineData("far", "self", "rarp self", "1 geneve 1 -> 3 + 4")]
    [InlineData("self", "far", "rarp", "1 geneve 1 -> 3 + 4")]
    [InlineData("far", "another", "", "punt")]
    [InlineData("", "far", "", "1 geneve 1 -> 3")]
    public void All_chassis_of_a_port_that_is_being_moved_get_a_copy(string main, string additional, string activation, string fate) =>
        Assert.Equal([fate], Moving(Switch().Leg("port"), main, additional, activation).Ingress("1", ToPort).Fates());

    [Fact]
    public void What_is_being_moved_elsewhere_is_reached_by_tunnels_also_on_a_switch_with_a_network() =>
        Assert.Equal(["1 geneve 1 -> 4 + 1 geneve 1 -> 4"], Moving(Switch().Network("net"), "far", "third").Ingress("1", ToPort).Fates());

    [Fact]
    public void What_is_being_moved_sends_by_tunnels_also_on_a_switch_with_a_network()
    {
        var network = Moving(Switch().Network("net").Leg("port"), "self", "far").Port(new PortBinding { LogicalPort = "elsewhere", Chassis = Guid.NewGuid() })
            .Ingress("1", "outport = \"elsewhere\"; output;");

        Assert.Equal(["4"], network.Fates());
        Assert.Contains(network.Compile().Entries, entry => entry.Cause?.Reason.EndsWith("a network, from a port of several chassis", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData("self", "far", true)]
    [InlineData("far", "self", true)]
    [InlineData("far", "third", false)]
    public void A_port_that_is_being_moved_gets_what_comes_by_tunnels_for_it_where_it_is(string main, string additional, bool isHere)
    {
        var doors = Moving(Switch().Leg("port"), main, additional).Compile().Entries
            .Where(entry => entry.Entry.Table == P4.TableNames.EntryTunnel && entry.Entry.Match.Contains(new P4.FieldMatch.Exact(P4.KeyNames.OutKey, 3)));
        Assert.Equal(isHere, doors.Any());
        Assert.Equal(isHere ? [0u] : [], SmallNetwork.Vlans(Moving(Switch().Leg("port"), main, additional).Compile(), 4));
    }

    [Theory]
    [InlineData("far", "third", "1 geneve 1 -> 8000 + 1 geneve 1 -> 8000 + 3")]
    [InlineData("self", "far", "3 + 4")]
    public void A_group_has_a_member_that_is_being_moved_on_all_its_chassis_or_here(string main, string additional, string fate) =>
        Assert.Equal([fate], Moving(Switch().Leg("port"), main, additional).Group("_MC_flood", "in", "out", "port").Ingress("1", "outport = \"_MC_flood\"; output;").Fates());

    [Theory]
    [InlineData("far", "self", "punt")]
    [InlineData("self", "far", "4")]
    public void Whether_addresses_are_checked_where_a_port_is_not_mainly_is_known_to_OVS_alone(string main, string additional, string fate) => Assert.Contains(
        fate,
        Moving(Switch().Leg("port"), main, additional).Addresses("port", "02:00:00:00:00:03", isSecure: true)
            .Flow("egress", 0, "outport == \"port\"", "reg0[15] = check_out_port_sec(); next;", 10).Flow("egress", 1, "reg0[15] == 0", "output;")
            .FatesFromTunnel(3));

    [Fact]
    public void A_container_in_a_machine_that_is_being_moved_is_left_to_OVS() => Assert.Equal(
        ["an output port that the device cannot reach: a port of this chassis"],
        Moving(Switch().Leg("port"), "self", "far").With(network => new PortBinding { ParentPort = "port", Tag = 42, Chassis = network.Self }, ingress: false, name: "inside").Ingress("1", "outport = \"inside\"; output;").Reasons());

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

    // The main chassis, which it leaves, and the additional one, where it goes.
    private static SmallNetwork Moving(SmallNetwork network, string main, string additional, string activation = "")
    {
        Guid? Of(string name) => name switch { "" => null, "self" => network.Self, "far" => network.Far, "third" => network.Third, _ => Guid.NewGuid() };
        var options = activation.Split(' ') switch
        {
            [""] => TextMap.Empty,
            [var strategy] => TextMap.Of(("activation-strategy", strategy)),
            [var strategy, var active] => TextMap.Of(("activation-strategy", strategy), ("additional-chassis-activated", $"other,{active}")),
            _ => throw new ArgumentOutOfRangeException(nameof(activation)),
        };
        var (one, other) = (Of(main), Of(additional)!.Value);
        return network.With(_ => new PortBinding { Chassis = one, RequestedChassis = one, AdditionalChassis = [other], RequestedAdditionalChassis = [other], Options = options }, ingress: false);
    }

    private static SmallNetwork Vtep() => new("vxlan", isVtep: true);
}

file static class SmallNetworks
{
    public static SmallNetwork With(this SmallNetwork network, Func<SmallNetwork, PortBinding> port, bool ingress = true, string name = "port")
    {
        network.Port(port(network) with { LogicalPort = name });
        return ingress ? network.Ingress("ip4", "outport = \"port\"; output;") : network;
    }
}
