using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Tests.Evaluation;
using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Tracking;

/// <summary>
/// <c>in</c>, 10.0.0.3, talks to 10.0.0.9:80, behind which it is itself, by port 8080: balanced in the zone of its port, it seems to come from the virtual address by the SNAT zone of the switch, and so do its answers come back.
/// </summary>
public sealed class HairpinTests
{
    private const ushort PortZone = 5, SnatZone = 6;
    private const uint Natted = 2;
    private const int OwnLeg = 2, OtherLeg = 3;
    private const string Router = "02:00:00:00:00:09";

    private static readonly UInt128 s_machine = 0x0a00_0003, s_vip = 0x0a00_0009, s_snat = 0x0a00_00c8;

    private static readonly ConnectionTuple s_request = new(false, TransportProtocol.Udp, s_machine, s_vip, 1000, 80);
    private static readonly ConnectionTuple s_balanced = s_request with { Destination = s_machine, DestinationPort = 8080 };
    private static readonly LoadBalancer s_balancer = new() { Name = "vip", Protocol = "udp", Vips = TextMap.Of(("10.0.0.9:80", "10.0.0.7:8080,10.0.0.3:8080")) };

    [Fact]
    public void Who_is_led_to_himself_gets_his_packets_back_from_the_virtual_address()
    {
        var verdict = Only(Evaluate(PortZone, s_request, Connections(s_vip)));
        Assert.Equal((OwnLeg, new ConnectionRewrite(s_vip, s_machine, null, 8080)), (LegOf(verdict), verdict.Rewrite));
        Assert.Equal((Mac(Router), Mac("02:00:00:00:00:03")), (verdict.Edits.EthSource, verdict.Edits.EthDestination));
    }

    [Fact]
    public void And_his_answers()
    {
        var verdict = Only(Evaluate(SnatZone, AnswerTo(s_vip), Connections(s_vip)));
        Assert.Equal((OwnLeg, new ConnectionRewrite(s_vip, s_machine, 80, null)), (LegOf(verdict), verdict.Rewrite));
    }

    [Fact]
    public void Answers_to_another_address_come_back_too_if_the_load_balancer_has_it()
    {
        var network = Network().Balancer(s_balancer with { Options = TextMap.Of(("hairpin_snat_ip", "10.0.0.200 fd00::200")) });
        Assert.Equal(new ConnectionRewrite(s_snat, s_machine, null, 8080), Only(Evaluate(network, PortZone, s_request, Connections(s_snat))).Rewrite);
        Assert.Equal(new ConnectionRewrite(s_vip, s_machine, 80, null), Only(Evaluate(network, SnatZone, AnswerTo(s_snat), Connections(s_snat))).Rewrite);
    }

    [Fact]
    public void Answers_that_no_load_balancer_of_now_can_have_are_softwares() =>
        Assert.Contains(
            "an answer that may be", Evaluate(Network().Balancer(s_balancer with { Vips = TextMap.Of(("10.0.0.9:80", "10.0.0.7:8080")) }), SnatZone, AnswerTo(s_vip), Connections(s_vip)).Obstacle,
            StringComparison.Ordinal);

    [Fact]
    public void A_connection_to_the_virtual_address_that_was_not_balanced_is_softwares()
    {
        var other = Live(PortZone, AnswerTo(s_vip), AnswerTo(s_vip).Reversed);
        Assert.Contains("an answer that may be", Evaluate(PortZone, other.Original, [other]).Obstacle, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.9:80", "10.0.0.7:8080")]
    [InlineData("10.0.0.9:81", "10.0.0.3:8080")]
    [InlineData("10.0.0.8:80", "10.0.0.3:8080")]
    [InlineData("10.0.0.9:80", "10.0.0.3:8081")]
    public void Whom_no_flow_of_a_load_balancer_knows_goes_where_all_go(string vip, string backends) =>
        Assert.Equal(OtherLeg, LegOf(Only(Evaluate(Network().Balancer(s_balancer with { Vips = TextMap.Of((vip, backends)) }), PortZone, s_request, Connections(s_vip)))));

    [Fact]
    public void A_load_balancer_of_all_ports_leads_back_whatever_port_it_is()
    {
        var network = Network().Balancer(s_balancer with { Vips = TextMap.Of(("10.0.0.9", "10.0.0.3")) });
        Assert.Equal(OwnLeg, LegOf(Only(Evaluate(network, PortZone, s_request, Connections(s_vip)))));
    }

    [Fact]
    public void Whose_Ethernet_address_is_not_known_cannot_be_sent_back()
    {
        var packets = Evaluate(Network(isSecure: false), PortZone, s_request, Connections(s_vip));
        Assert.Empty(packets.Verdicts);
        Assert.Contains("port security", packets.Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_for_answers_does_not_concern_the_connections_of_others()
    {
        var other = s_request with { Destination = 0x0a00_0002 };
        var network = Network().Balancer(s_balancer with { Options = TextMap.Of(("hairpin_snat_ip", "10.0.0.200")) });
        Assert.Equal(OtherLeg, LegOf(Only(Evaluate(network, PortZone, other, [Live(PortZone, other, other.Reversed)]))));
    }

    [Fact]
    public void A_load_balancer_that_changes_puts_in_doubt_who_asked_for_its_addresses()
    {
        var (compiler, network) = (new PipelineCompiler(), Network());
        var tracker = new Conntrack(Connections(s_vip), network.Switch);
        network.Compile(compiler);
        compiler.Connections.Follow(tracker.Zones);
        var before = Assert.Single(compiler.Connections.Evaluate(new ConntrackQuestion(PortZone, s_request), tracker));
        network.Balancer(s_balancer with { Name = "another", Vips = TextMap.Of(("10.0.0.5:80", "10.0.0.6:80")) }).Compile(compiler);
        Assert.Equal((false, false), Doubts());
        network.Balancer(s_balancer with { Vips = TextMap.Of(("10.0.0.9:80", "10.0.0.7:8080")) }).Compile(compiler);
        Assert.Equal((true, true), Doubts());

        // What another change does not make OVS forget.
        network.Ingress("ip4 && udp.dst == 53", "drop;", 60, table: 1).Compile(compiler);
        Assert.Equal((true, false), Doubts());

        (bool Concern, bool Unlearn) Doubts()
        {
            var doubts = compiler.Connections.Follow(tracker.Zones)!;
            return (doubts.Concern(before.Dependencies), doubts.Unlearn(before.Dependencies));
        }
    }

    private static TrackedVerdict Only(TrackedPackets packets)
    {
        Assert.True(packets.Verdicts.Count == 1, packets.Obstacle);
        return packets.Verdicts[0];
    }

    private static ConnectionTuple AnswerTo(UInt128 address) => (s_balanced with { Source = address }).Reversed;

    private static Connection[] Connections(UInt128 seenAs) =>
    [
        Live(PortZone, s_request, s_balanced.Reversed) with { Mark = Natted },
        Live(SnatZone, s_balanced, AnswerTo(seenAs)),
    ];

    private static Connection Live(ushort zone, ConnectionTuple original, ConnectionTuple reply) =>
        new(zone, original, reply) { Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Assured };

    private static MacAddress Mac(string text) => MacAddress.Parse(text);

    private static int LegOf(TrackedVerdict verdict) => Assert.IsType<OutputTarget.Plain>(verdict.Output).DevicePort;

    // What northd makes of a load balancer of a switch, without its numbers of tables (northd/northd.c, build_lb_hairpin).
    private static SmallNetwork Network(bool isSecure = true) => new SmallNetwork()
        .Addresses("in", "02:00:00:00:00:03 10.0.0.3", isSecure)
        .Port(new PortBinding { LogicalPort = "router", Mac = [$"{Router} 10.0.0.9 10.0.0.2 10.0.0.200"] })
        .Balancer(s_balancer)
        .Ingress("1", "reg0[15] = check_in_port_sec(); next;")
        .Ingress("reg0[15] == 1", "drop;", 50, table: 1).Ingress("ip4", "ct_lb_mark;", table: 1)
        .Ingress("ip && ct.trk", "reg0[6] = chk_lb_hairpin(); reg0[12] = chk_lb_hairpin_reply(); next;", table: 2)
        .Ingress("ip && ct.est && ct.trk && reg0[6] == 1", "ct_snat;", 100, table: 3).Ingress("ip && reg0[12] == 1", "ct_snat;", 90, table: 3).Ingress("1", "next;", table: 3)
        .Ingress("reg0[6] == 1 || reg0[12] == 1", "eth.dst <-> eth.src; outport = inport; flags.loopback = 1; output;", 1, table: 4).Ingress("1", "outport = \"out\"; output;", table: 4)
        .Flow("egress", 0, "ip4 && outport == \"in\"", "ct_lb_mark;", 1).Flow("egress", 1, "1", "output;");

    private static TrackedPackets Evaluate(ushort zone, ConnectionTuple tuple, Connection[] connections) => Evaluate(Network(), zone, tuple, connections);

    private static TrackedPackets Evaluate(SmallNetwork network, ushort zone, ConnectionTuple tuple, Connection[] connections)
    {
        var (compiler, tracker) = (new PipelineCompiler(), new Conntrack(connections, network.Switch));
        network.Compile(compiler);
        compiler.Connections.Follow(tracker.Zones);
        return compiler.Connections.Evaluate(new ConntrackQuestion(zone, tuple), tracker).Single();
    }

    private sealed class Conntrack(Connection[] connections, Guid datapath) : IConntrack
    {
        public ConntrackZones Zones { get; } = ConntrackZones.Read(new LocalOpenVSwitch
        {
            Bridges = [new Bridge { Uuid = Guid.NewGuid(), Name = "br-int", ExternalIds = TextMap.Of(("ct-zone-in", $"{PortZone}"), ($"ct-zone-{datapath:d}_snat", $"{SnatZone}")) }],
        });

        public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple)
        {
            var sought = tuple;
            return Array.Find(connections, one => one.Zone == zone && (one.Original == sought || one.Reply == sought)) is { } found
                ? (found, found.Original == sought ? ConnectionDirection.Original : ConnectionDirection.Reply) : null;
        }

        public bool IsChanging(Connection connection) => false;

        public bool IsAbsent(ushort zone, in ConnectionTuple tuple) => true;

        public bool IsOneSided(ushort zone, in ConnectionTuple tuple) => false;
    }
}
