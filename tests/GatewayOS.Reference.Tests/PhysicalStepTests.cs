using GatewayOS.Reference.Tracing;
using Xunit;

namespace GatewayOS.Reference.Tests;

/// <summary>What ovn-trace does not have: chassis, tunnels, the physical network.</summary>
public sealed class PhysicalStepTests(SmallNetworkFixture network) : IClassFixture<SmallNetworkFixture>
{
    private const string FromVm1a =
        "inport == \"vm1a\" && eth.src == 02:00:00:00:01:11 && eth.dst == 02:aa:00:00:01:01 && ip4 && ip4.src == 10.0.1.11 && ip.ttl == 64 && udp && udp.src == 5 && udp.dst == 6";

    [Fact]
    public void To_a_port_of_the_same_chassis_the_packet_is_delivered()
    {
        var result = Trace("hv1", "sw1", $"{FromVm1a.Replace("udp && udp.src == 5 && udp.dst == 6", "icmp4.type == 8 && icmp4.code == 0", StringComparison.Ordinal)} && ip4.dst == 10.0.0.11");
        var delivered = Assert.IsType<TraceOutcome.Delivered>(Assert.Single(result.Outcomes));
        Assert.Equal(("hv1", "vm0a", null), (delivered.Chassis, delivered.Port.Name, delivered.Vlan));
    }

    [Fact]
    public void A_flow_that_ends_without_output_or_next_drops()
    {
        // An established connection that no ACL allows any more is only marked as blocked.
        var result = Trace("hv1", "sw1", $"{FromVm1a} && ip4.dst == 10.0.0.11");
        var dropped = Assert.IsType<TraceOutcome.Dropped>(Assert.Single(result.Outcomes));
        Assert.Equal("the actions end without output or next", dropped.Reason);
        Assert.StartsWith("ls_out_acl", result.Steps[^1].Stage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_broadcast_goes_to_another_chassis_once_and_is_replicated_there()
    {
        var result = Trace("hv1", "sw1", "inport == \"vm1a\" && eth.src == 02:00:00:00:01:11 && eth.dst == ff:ff:ff:ff:ff:ff && arp && arp.op == 1 && arp.sha == 02:00:00:00:01:11 && arp.spa == 10.0.1.11 && arp.tpa == 10.0.1.77");
        var tunnelled = Assert.Single(result.Outcomes.OfType<TraceOutcome.Tunnelled>());
        Assert.Equal("hv2", tunnelled.To);
        Assert.True(tunnelled.OutKey >= 32768, "a multicast group goes through the tunnel as such");
        Assert.Equal(["vm1b"], result.Outcomes.OfType<TraceOutcome.Delivered>().Select(delivered => delivered.Port.Name));
        Assert.Equal("hv2", Assert.Single(result.Outcomes.OfType<TraceOutcome.Delivered>()).Chassis);
    }

    [Fact]
    public void To_another_chassis_the_packet_goes_with_the_keys_of_datapath_and_ports()
    {
        var result = Trace("hv1", "sw1", "inport == \"vm1a\" && eth.src == 02:00:00:00:01:11 && eth.dst == 02:00:00:00:01:12 && ip4 && ip4.src == 10.0.1.11 && ip4.dst == 10.0.1.12 && ip.ttl == 64 && udp && udp.src == 5 && udp.dst == 53");
        var tunnelled = Assert.Single(result.Outcomes.OfType<TraceOutcome.Tunnelled>());
        var sw1 = network.On(chassis: null).Datapath("sw1")!;
        Assert.Equal(
            ("hv1", "hv2", sw1.Row.TunnelKey, sw1.Ports.Single(port => port.Name == "vm1a").Key, sw1.Ports.Single(port => port.Name == "vm1b").Key),
            (tunnelled.Chassis, tunnelled.To, tunnelled.DatapathKey, tunnelled.InKey, tunnelled.OutKey));
        Assert.Equal(("hv2", "vm1b"), (result.Outcomes[^1].Chassis, ((TraceOutcome.Delivered)result.Outcomes[^1]).Port.Name));
    }

    [Fact]
    public void Through_a_distributed_gateway_the_packet_leaves_with_the_tag_of_the_physical_network()
    {
        var result = Trace("hv1", "sw1", $"{FromVm1a} && ip4.dst == 8.8.8.8");
        var tunnelled = Assert.Single(result.Outcomes.OfType<TraceOutcome.Tunnelled>());
        Assert.Equal("gw1", tunnelled.To);
        var delivered = Assert.Single(result.Outcomes.OfType<TraceOutcome.Delivered>());
        Assert.Equal(("gw1", "pub-ln", 100, "physnet1"), (delivered.Chassis, delivered.Port.Name, delivered.Vlan, delivered.PhysicalNetwork));
        var fields = new Interpreter(network.On("hv1")).Fields;
        Assert.Equal((0x02ee00000001ul, 0x02aa00000201ul, 63), ((ulong)delivered.Packet[fields.EthDestination], (ulong)delivered.Packet[fields.EthSource], (int)delivered.Packet[fields.HopLimit]));
    }

    [Fact]
    public void Evaluation_can_stop_where_the_tunnel_begins()
    {
        var here = new Interpreter(network.On("hv1"));
        var sw1 = here.Network.Datapath("sw1")!;
        var result = here.Trace(new TraceRequest(sw1, here.ParseMicroflow(sw1, $"{FromVm1a} && ip4.dst == 8.8.8.8")) { FollowTunnels = false });
        Assert.IsType<TraceOutcome.Tunnelled>(Assert.Single(result.Outcomes));
    }

    [Fact]
    public void Packets_that_run_in_a_circle_end()
    {
        // Every packet has at most as many tables as OVS would look into.
        var result = Trace("gw1", "public", "inport == \"pub-lr0\" && eth.src == 02:aa:00:00:02:01 && eth.dst == ff:ff:ff:ff:ff:ff && ip4 && ip4.src == 1.2.3.4 && ip4.dst == 255.255.255.255 && ip.ttl == 255");
        Assert.True(result.Steps.Length < 4096);
    }

    [Theory]
    [InlineData("inport == \"vm1a\" && ip4.src == {1.2.3.4, 1.2.3.5}", "error parsing flow: Constraints are ambiguous: ip4.src == 0x1020304 || ip4.src == 0x1020305.")]
    [InlineData("ip4 && ip6", "error parsing flow: Constraints are contradictory.")]
    [InlineData("ip4.bad == 1", "error parsing flow: Syntax error at `ip4.bad' expecting field name.")]
    public void A_microflow_that_is_none_is_refused_in_the_words_of_ovn(string text, string error)
    {
        var here = new Interpreter(network.On("hv1"));
        var failure = Assert.Throws<FormatException>(() => here.ParseMicroflow(here.Network.Datapath("sw1")!, text));
        Assert.Contains(error.Split(':')[1], failure.Message, StringComparison.Ordinal);
    }

    private TraceResult Trace(string chassis, string datapath, string microflow)
    {
        var here = new Interpreter(network.On(chassis));
        var entry = here.Network.Datapath(datapath)!;
        return here.Trace(new TraceRequest(entry, here.ParseMicroflow(entry, microflow)));
    }
}
