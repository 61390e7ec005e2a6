using GatewayOS.Core;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>Packets for a group of ports, as OVN floods what it does not know and what is for many.</summary>
public sealed class GroupTests
{
    private const string Flooded = "a group of output ports (flooding, multicast): a bridge with a port of the host";
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
    public void The_device_makes_several_copies_each_with_its_framing()
    {
        var network = new SmallNetwork().Machine("third");
        network.Port(new PortBinding { LogicalPort = "vm1", Chassis = network.Far });
        network.Group("_MC_unknown", "in", "out", "third", "vm1").Ingress("ip4", Flood);

        Assert.Equal(["1 geneve 1 -> 8000 + 3 + 4"], network.Fates());
        var entries = network.Compile().Entries;
        Assert.All(
            entries.Select(entry => entry.Entry.Action).OfType<ActionCall>().Where(call => call.Name == ActionNames.Group), output => Assert.Equal(1514u, (uint)output[ParameterNames.MaxLen]));
        Assert.All(
            entries.Where(entry => entry.Entry.Table == Replication.Table).SelectMany(entry => Replication.GroupOf(entry.Entry).Replicas),
            copy => Assert.Contains(entries, entry => entry.Entry.Table == TableNames.Framing && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.Out, copy.Instance))));
    }

    [Theory]
    [InlineData(PacketClass.Ipv4)]
    [InlineData(PacketClass.Ipv6Group)]
    [InlineData(PacketClass.ArpBroadcast)]
    public void Members_here_get_what_comes_by_a_tunnel_for_their_group(PacketClass packetClass)
    {
        var network = new SmallNetwork().Machine("third");
        network.Port(new PortBinding { LogicalPort = "vm1", Chassis = network.Far }).Group("_MC_unknown", "in", "third", "vm1");

        Assert.Equal(["2 + 4"], network.FatesOfGroup(packetClass));
    }

    [Fact]
    public void A_member_does_not_get_back_what_it_is_said_to_have_sent() => Assert.Equal(["3"], new SmallNetwork().Group("_MC_unknown", "in", "out").FatesOfGroup(PacketClass.Ipv4, inKey: 1));

    [Fact]
    public void Members_of_a_switch_with_a_network_send_to_each_other_by_that()
    {
        var network = new SmallNetwork().Network("net").Group("_MC_unknown", "net", "in", "out");

        Assert.DoesNotContain(network.Compile().Entries, entry => entry.Entry.Table == TableNames.EntryTunnel && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.OutKey, 0x8000)));
    }

    [Fact]
    public void A_router_has_had_what_comes_by_a_tunnel_for_its_group_where_it_came_from() => Assert.Equal(
        ["3"], new SmallNetwork().Port(new PortBinding { LogicalPort = "plug", Type = "patch", Options = TextMap.Of(("peer", "port")) }).Group("_MC_flood", "plug", "out").FatesOfGroup(PacketClass.ArpBroadcast));

    [Fact]
    public void A_group_without_members_here_has_no_entry()
    {
        var network = new SmallNetwork();
        network.Port(new PortBinding { LogicalPort = "vm1", Chassis = network.Far }).Group("_MC_unknown", "vm1");

        Assert.DoesNotContain(network.Compile().Entries, entry => entry.Entry.Table == TableNames.EntryTunnel && entry.Entry.Match.Contains(new FieldMatch.Exact(KeyNames.OutKey, 0x8000)));
    }

    [Theory]
    [InlineData("outport == \"out\" && tcp", "drop;", "a group of output ports (flooding, multicast): _MC_unknown")]
    [InlineData("outport == \"out\"", "eth.src = 02:00:00:00:00:05; output;", "a group of output ports (flooding, multicast): _MC_unknown")]
    [InlineData("outport == \"out\"", "ip.dscp = 7;", "a group of output ports (flooding, multicast): _MC_unknown")]
    [InlineData("outport == \"out\"", "pkt.mark = 7;", "a group of output ports (flooding, multicast): _MC_unknown")]
    [InlineData("outport == \"out\"", "flags.loopback = 0; output;", "a group of output ports (flooding, multicast): _MC_unknown")]
    [InlineData("outport == \"out\"", "ct_next;", "a group of output ports (flooding, multicast): _MC_unknown")]
    public void Copies_that_are_edited_or_ask_for_more_are_left_to_OVS(string match, string actions, string reason) =>
        Assert.Equal(
            [reason],
            new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood).Flow("egress", 0, match, actions, 1).Reasons());

    [Theory]
    [InlineData("tcp", "tcp", "udp.dst == 53", true)]
    [InlineData("outport == \"out\" && tcp", "tcp", "udp.dst == 53", false)]
    [InlineData("tcp", "ip.dscp == 3", "udp.dst == 53", false)]
    [InlineData("tcp", "tcp", "far", false)]
    public void A_DSCP_that_all_copies_get_is_no_matter_unless_some_go_by_tunnels(string mark, string one, string other, bool isDecided)
    {
        var network = new SmallNetwork().Machine("third");
        network.Port(new PortBinding { LogicalPort = "far", Chassis = network.Far }).Group("_MC_unknown", other == "far" ? ["in", "out", "third", "far"] : ["in", "out", "third"]).Ingress("ip4", Flood)
            .Flow("egress", 0, mark, "ip.dscp = 7; next;", 2).Flow("egress", 0, "1", "next;").Flow("egress", 1, "outport == \"out\" && " + one, "output;", 2)
            .Flow("egress", 1, "outport == \"third\" && " + (other == "far" ? "udp" : other), "output;", 2);

        Assert.Equal(isDecided, !network.Reasons().Contains("a group of output ports (flooding, multicast): _MC_unknown"));
    }

    [Fact]
    public void Of_packets_of_which_one_copy_may_come_that_copy_is_looked_up()
    {
        var network = new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood)
            .Flow("egress", 0, "outport == \"out\" && tcp", "output;", 2).Flow("egress", 0, "outport == \"third\" && udp.dst == 53", "output;", 2)
            .Flow("egress", 0, "outport == {\"out\", \"third\"}", "drop;", 1);

        Assert.Empty(network.Reasons());
        Assert.Equal(["3", "4", ActionNames.Deny], network.Fates().Order());
    }

    [Fact]
    public void A_copy_that_may_find_the_flags_of_another_is_left_to_OVS()
    {
        var network = new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood)
            .Flow("egress", 0, "outport == \"out\" && tcp", "output;", 2).Flow("egress", 0, "outport == {\"out\", \"third\"}", "flags.loopback = 1;", 1);

        Assert.Equal(["a group of output ports (flooding, multicast): _MC_unknown"], network.Reasons());
    }

    [Fact]
    public void Packets_of_which_two_copies_may_come_are_left_to_OVS()
    {
        var network = new SmallNetwork().Machine("third").Group("_MC_unknown", "in", "out", "third").Ingress("ip4", Flood)
            .Flow("egress", 0, "outport == \"out\" && ip4.dst == 10.0.0.0/24", "output;", 2).Flow("egress", 0, "outport == \"third\" && udp", "output;", 2)
            .Flow("egress", 0, "outport == {\"out\", \"third\"}", "drop;", 1);

        Assert.Equal(["a group of output ports (flooding, multicast): _MC_unknown"], network.Reasons());
    }

    [Fact]
    public void What_floods_in_from_a_bridge_with_the_hosts_port_is_left_to_it()
    {
        var network = new SmallNetwork().Network("net", null, "localnet", new MacAddress(0x0200_0000_0009)).Group("_MC_unknown", "net").Ingress("ip4", Flood);
        var alone = new SmallNetwork().Network("net").Group("_MC_unknown", "net").Ingress("ip4", Flood);

        Assert.Contains(network.Compile().Entries, entry => entry.Cause?.Reason == Flooded);
        Assert.DoesNotContain(alone.Compile().Entries, entry => entry.Cause?.Reason == Flooded);
    }
}
