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

/// <summary>What a connection's packets come to, by what conntrack says in the two zones that they pass: that of <c>in</c>, then that of <c>out</c>.</summary>
public sealed class ConntrackAnswersTests
{
    private const ushort InZone = 5, OutZone = 6;

    private static readonly ConnectionTuple s_tuple = new(false, TransportProtocol.Udp, 0x0a00_0001, 0x0a00_0002, 1000, 53);

    [Fact]
    public void Known_in_both_it_is_forwarded() => Assert.Single(Evaluate(Live(InZone), Live(OutZone)).Verdicts);

    [Fact]
    public void What_is_certainly_in_no_other_zone_passes_that_untranslated() =>
        Assert.Equal(default, Assert.Single(Evaluate(Live(InZone)).Verdicts).Rewrite);

    [Fact]
    public void What_may_be_in_another_zone_may_be_translated_there()
    {
        var packets = Evaluate(isComplete: false, Live(InZone));
        Assert.Empty(packets.Verdicts);
        Assert.Contains("zone 6 may have a connection", packets.Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_other_zone_translates_leaves_translated()
    {
        var translated = Live(OutZone) with { Reply = (s_tuple with { Destination = 0x0a00_0009 }).Reversed };
        Assert.Equal((UInt128)0x0a00_0009, Assert.Single(Evaluate(Live(InZone), translated).Verdicts).Rewrite.Dst);
    }

    [Theory]
    [InlineData(ConnectionStatus.Confirmed)]
    [InlineData(ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Helper)]
    [InlineData(ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Expected)]
    public void What_the_other_zone_does_not_call_established_is_softwares(ConnectionStatus status) =>
        Assert.Empty(Evaluate(Live(InZone), Live(OutZone) with { Status = status }).Verdicts);

    [Fact]
    public void A_mark_that_would_change_is_softwares()
    {
        Assert.Single(Evaluate("ct_commit { ct_mark = 7; }; next;", Live(InZone), Live(OutZone) with { Mark = 7 }).Verdicts);
        var changing = Evaluate("ct_commit { ct_mark = 7; }; next;", Live(InZone), Live(OutZone) with { Mark = 8 });
        Assert.Empty(changing.Verdicts);
        Assert.Equal([new ConntrackQuestion(OutZone, s_tuple)], changing.Changes);
    }

    [Theory]
    [InlineData("ct_commit_to_zone(dnat);", true)]
    [InlineData("next;", true)]
    [InlineData("ct_commit_nat;", false)]
    [InlineData("next;", true, "ct.new")]
    [InlineData("outport = \"\"; next;", false, "ct.new")]
    [InlineData("outport = \"\"; next;", false, "ct.inv")]
    [InlineData("outport = \"\"; next;", true, "ct.rpl")]
    public void What_another_zone_sees_one_direction_of_passes_that_if_it_fares_alike_whatever_that_calls_it(string after, bool isForwarded, string match = "1") =>
        Assert.Equal(isForwarded, Evaluate(after, new Conntrack(isComplete: false, [Live(InZone)]) { OneSided = OutZone }, match).Verdicts.Count == 1);

    [Fact]
    public void A_zone_that_was_only_asked_translates_when_it_is_told_and_once()
    {
        var translated = Live(InZone) with { Reply = (s_tuple with { Destination = 0x0a00_0009 }).Reversed };
        var network = new SmallNetwork().Port(new PortBinding { LogicalPort = "server", Mac = ["02:00:00:00:00:09 10.0.0.2"] })
            .Ingress("ip4", "ct_next;").Ingress("ct.est", "ct_lb_mark;", table: 1).Ingress("ip4.dst == 10.0.0.9", "ct_lb_mark;", table: 2)
            .Ingress("ip4.dst == 10.0.0.9 && ct.est", "outport = \"out\"; output;", table: 3);
        Assert.Equal((UInt128)0x0a00_0009, Assert.Single(Evaluate(network, new Conntrack(isComplete: true, [translated])).Verdicts).Rewrite.Dst);
    }

    [Fact]
    public void A_connection_that_other_packets_are_about_to_change_is_softwares()
    {
        var packets = Evaluate("next;", new Conntrack(isComplete: true, [Live(InZone), Live(OutZone)]) { Changing = OutZone });
        Assert.Empty(packets.Verdicts);
        Assert.Contains("packets of the other direction are to change", packets.Obstacle, StringComparison.Ordinal);
        Assert.Empty(packets.Changes);
    }

    [Fact]
    public void Packets_that_stateless_translation_gave_an_address_are_found_by_the_one_they_came_with()
    {
        var network = new SmallNetwork().Port(new PortBinding { LogicalPort = "server", Mac = ["02:00:00:00:00:09 10.0.0.2 10.0.0.7"] })
            .Ingress("ip4.dst == 10.0.0.7", "ip4.dst = 10.0.0.2; next;", 1).Ingress("ip4", "next;").Ingress("ip4", "ct_next;", table: 1).Ingress("ct.est", "outport = \"out\"; output;", table: 2);
        var packets = All(network, s_tuple, new Conntrack(isComplete: true, [Live(InZone)]));

        Assert.Equal([0x0a00_0002u, 0x0a00_0007u], packets.Select(some => (uint)some.Tuple.Destination).Order());
        Assert.All(packets, some => Assert.Equal(default, Assert.Single(some.Verdicts).Rewrite));
    }

    [Fact]
    public void Packets_that_are_translated_on_one_way_of_those_that_the_device_takes_for_one_are_softwares()
    {
        // By a tunnel for "out": what is said to be from "third" gets another address, and asks with it; the device does not know who sent a packet when it looks the connection up.
        var network = new SmallNetwork().Machine("third")
            .Flow("egress", 0, "inport == \"third\" && ip4.dst == 10.0.0.7", "ip4.dst = 10.0.0.2; next;", 3).Flow("egress", 0, "1", "next;", 2)
            .Flow("egress", 1, "eth.dst == 02:00:00:00:00:09", "ct_next;").Flow("egress", 2, "1", "output;");
        var packets = All(network, s_tuple, new Conntrack(isComplete: true, [Live(OutZone)]), OutZone).Where(some => some.LogicalPort == "out").ToList();

        Assert.Equal([0x0a00_0002u, 0x0a00_0007u], packets.Select(some => (uint)some.Tuple.Destination).Order());
        Assert.Single(packets.Single(some => some.Tuple == s_tuple).Verdicts);
        Assert.Empty(packets.Single(some => some.Tuple != s_tuple).Verdicts);
    }

    [Fact]
    public void What_is_translated_without_a_connection_behind_conntrack_is_a_part_of_the_verdict()
    {
        var network = new SmallNetwork().Port(new PortBinding { LogicalPort = "server", Mac = ["02:00:00:00:00:09 10.0.0.2"] })
            .Ingress("ip4", "ct_next;").Ingress("ct.est && ip4.src == 10.0.0.1", "ip4.src = 172.16.0.50; next;", table: 1).Ingress("ip4.src == 172.16.0.50", "outport = \"out\"; output;", table: 2);
        Assert.Equal(new ConnectionRewrite(Src: 0xac10_0032), Assert.Single(Evaluate(network, new Conntrack(isComplete: true, [Live(InZone)])).Verdicts).Rewrite);
    }

    [Fact]
    public void Answers_to_pings_that_are_made_on_the_way_are_found_by_the_ping()
    {
        var ping = new ConnectionTuple(false, TransportProtocol.Icmp, 0x0a00_0001, 0x0a00_0002, 1000, 8 << 8);
        var network = new SmallNetwork().Port(new PortBinding { LogicalPort = "server", Mac = ["02:00:00:00:00:09 10.0.0.2"] })
            .Ingress("ip4.dst == 10.0.0.2 && icmp4.type == 8 && icmp4.code == 0", "ip4.dst <-> ip4.src; ip.ttl = 255; icmp4.type = 0; next;", 1).Ingress("ip4", "ct_next;", table: 1)
            .Ingress("ct.est && ct.rpl", "outport = \"out\"; output;", table: 2);
        var packets = Assert.Single(All(network, ping.Reversed, new Conntrack(isComplete: true, [Live(InZone) with { Original = ping, Reply = ping.Reversed }])));

        Assert.Equal(ping, packets.Tuple);
        Assert.Equal(default, Assert.Single(packets.Verdicts).Rewrite);
    }

    private static Connection Live(ushort zone) =>
        new(zone, s_tuple, s_tuple.Reversed) { Status = ConnectionStatus.Confirmed | ConnectionStatus.SeenReply | ConnectionStatus.Assured };

    private static TrackedPackets Evaluate(params Connection[] connections) => Evaluate("next;", isComplete: true, connections);

    private static TrackedPackets Evaluate(bool isComplete, params Connection[] connections) => Evaluate("next;", isComplete, connections);

    private static TrackedPackets Evaluate(string after, params Connection[] connections) => Evaluate(after, isComplete: true, connections);

    private static TrackedPackets Evaluate(string after, bool isComplete, params Connection[] connections) => Evaluate(after, new Conntrack(isComplete, connections));

    // Egress 0 is the network's own; a flow of higher priority goes before it.
    private static TrackedPackets Evaluate(string after, Conntrack conntrack, string match = "1") => Evaluate(
        new SmallNetwork()
            .Port(new PortBinding { LogicalPort = "server", Mac = ["02:00:00:00:00:09 10.0.0.2"] })
            .Ingress("ip4", "ct_next;").Ingress("ct.est", "outport = \"out\"; output;", table: 1)
            .Flow("egress", 0, "ip4", "ct_lb_mark;", 1).Flow("egress", 1, match, after, 1).Flow("egress", 1, "1", "next;").Flow("egress", 2, "1", "output;"),
        conntrack);

    private static TrackedPackets Evaluate(SmallNetwork network, Conntrack conntrack) => Assert.Single(All(network, s_tuple, conntrack), packets => packets.IsFirst);

    private static EquatableArray<TrackedPackets> All(SmallNetwork network, ConnectionTuple tuple, Conntrack conntrack, ushort zone = InZone)
    {
        var compiler = new PipelineCompiler();
        network.Compile(compiler);
        compiler.Connections.Follow(conntrack.Zones);
        return compiler.Connections.Evaluate(new ConntrackQuestion(zone, tuple), conntrack);
    }

    private sealed class Conntrack(bool isComplete, Connection[] connections) : IConntrack
    {
        public ConntrackZones Zones { get; } = ConntrackZones.Read(new LocalOpenVSwitch
        {
            Bridges = [new Bridge { Uuid = Guid.NewGuid(), Name = "br-int", ExternalIds = TextMap.Of(("ct-zone-in", $"{InZone}"), ("ct-zone-out", $"{OutZone}")) }],
        });

        public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple)
        {
            var sought = tuple;
            return Array.Find(connections, one => one.Zone == zone && (one.Original == sought || one.Reply == sought)) is { } found
                ? (found, found.Original == sought ? ConnectionDirection.Original : ConnectionDirection.Reply) : null;
        }

        public ushort Changing { get; init; }

        public bool IsChanging(Connection connection) => connection.Zone == Changing;

        public ushort OneSided { get; init; }

        public bool IsAbsent(ushort zone, in ConnectionTuple tuple) => isComplete;

        public bool IsOneSided(ushort zone, in ConnectionTuple tuple) => zone == OneSided;
    }
}
