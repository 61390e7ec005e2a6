using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>Fields that change places: what comes behind is looked up by the fields as they are then.</summary>
public sealed class TurnTests
{
    private const string Answer = "ip4.dst <-> ip4.src; ip.ttl = 255; icmp4.type = 0; flags.loopback = 1; next;";
    private const string Back = "eth.dst = 02:00:00:00:00:01; outport = \"out\"; output;";

    [Fact]
    public void A_ping_is_answered_and_the_route_is_the_one_to_the_sender()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("ip4.dst == 10.0.0.1 && icmp4.type == 8 && icmp4.code == 0", Answer, 1).Ingress("1", "drop;")
            .Ingress("ip4.dst == 10.0.0.0/24", "ip.ttl--; next;", 1, table: 1).Ingress("1", "drop;", table: 1)
            .Ingress("1", Back, table: 2).Compile()).ToList();

        var turn = Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.Turn });
        Assert.Equal(TableNames.Special4, turn.Entry.Table);
        Assert.Equal((0u, 255u), ((uint)((ActionCall)turn.Entry.Action)[ParameterNames.IcmpType], (uint)((ActionCall)turn.Entry.Action)[ParameterNames.Ttl]));
        var route = Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.ForwardEdit });
        Assert.Equal(TableNames.Route4, route.Entry.Table);
        Assert.Contains(new FieldMatch.Lpm(KeyNames.Dst, 0x0a000000, 24), route.Entry.Match);
        Assert.Equal((1, 3), (turn.Flows.Count(), route.Flows.Count()));
    }

    [Fact]
    public void The_address_that_was_asked_is_the_source_of_the_answer()
    {
        var network = new SmallNetwork().Ingress("ip4.dst == 10.0.0.1 && icmp4", Answer, 1).Ingress("1", "drop;")
            .Ingress("ip4.src == 10.0.0.0/24 && icmp4.type == 0", Back, table: 1);

        Assert.Equal(["3", ActionNames.Deny], network.Fates());
    }

    [Fact]
    public void A_register_that_held_the_sender_holds_the_destination_of_the_answer()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("1", "reg0 = ip4.src; next;")
            .Ingress("ip4.dst == 10.0.0.1 && icmp4", Answer, 1, table: 1).Ingress("1", "drop;", table: 1)
            .Ingress("reg0 == 10.0.0.7", Back, table: 2).Compile()).ToList();

        Assert.Contains(behind, entry => entry.Entry.Table == TableNames.Neighbor4 && entry.Entry.Match.Contains(new FieldMatch.Lpm(KeyNames.Dst, 0x0a000007, 32)));
    }

    [Fact]
    public void Lookups_behind_an_answer_are_not_asked_before_it()
    {
        // Of the shape of the first, and small enough to be put into it.
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("ip4.dst == 10.0.0.1 && icmp4", Answer, 1).Ingress("1", "drop;")
            .Ingress("ip4.dst == 10.0.0.9 && icmp4.code == 5", Back, table: 1).Compile()).ToList();

        var later = Assert.Single(behind, entry => entry.Entry.Match.Contains(new FieldMatch.Ternary(KeyNames.Dst, 0x0a000009, uint.MaxValue)));
        Assert.Equal(TableNames.Policy4, later.Entry.Table);
    }

    [Fact]
    public void An_answer_waits_for_its_connection()
    {
        var network = new SmallNetwork().Ingress("ip4.dst == 10.0.0.1 && icmp4", Answer, 1).Ingress("1", "drop;").Ingress("1", "ct_next;", table: 1);

        Assert.Equal([ActionNames.Deny, ActionNames.Track], network.Fates());
    }

    [Fact]
    public void An_answer_that_goes_nowhere_is_not_made()
    {
        var network = new SmallNetwork().Ingress("ip4.dst == 10.0.0.1 && icmp4", Answer, 1).Ingress("1", "next;").Ingress("flags.loopback == 0", Back, table: 1);

        Assert.Equal(["3", ActionNames.Deny], network.Fates());
    }

    [Theory]
    [InlineData("ip4.dst <-> ip4.src; output;")]
    [InlineData("ip4.dst <-> ip4.src; ip.ttl = 255; output;")]
    [InlineData("ip4.dst <-> ip4.src; icmp4.type = 0; output;")]
    public void Another_exchange_of_addresses_is_left_to_software(string actions) =>
        Assert.Equal([ActionNames.Deny, ActionNames.Punt], new SmallNetwork().Ingress("ip4.dst == 10.0.0.1 && icmp4", "outport = \"out\"; " + actions, 1).Fates());

    [Fact]
    public void Ethernet_addresses_change_places_and_the_new_destination_is_asked_for()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("ip4.dst == 10.0.0.1", "eth.dst <-> eth.src; next;", 1).Ingress("1", "drop;")
            .Ingress("eth.dst == 02:00:00:00:00:07", "outport = \"out\"; output;", table: 1).Compile()).ToList();

        Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.TurnEth });
        var address = Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.Forward });
        Assert.Equal(TableNames.L2To, address.Entry.Table);
        Assert.Contains(new FieldMatch.Lpm(KeyNames.EthDst, 0x020000000007, 48), address.Entry.Match);
    }

    [Fact]
    public void An_Ethernet_address_written_before_is_the_other_one_behind()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("1", "eth.src = 02:00:00:00:00:07; eth.dst <-> eth.src; outport = \"out\"; output;").Compile()).ToList();

        var forward = Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.ForwardEdit });
        Assert.Equal((uint)HeaderEdits.EthDstBit, (uint)((ActionCall)forward.Entry.Action)[ParameterNames.Edits]);
        Assert.Equal(0x020000000007u, (ulong)((ActionCall)forward.Entry.Action)[ParameterNames.EthDst]);
    }

    [Fact]
    public void A_clone_that_ends_a_flow_is_followed_back_into_the_ingress_pipeline()
    {
        var network = new SmallNetwork()
            .Ingress("reg9[0] == 1 && ip4.dst == 10.0.0.1", Back, 2).Ingress("reg9[0] == 1", "drop;", 1).Ingress("1", "outport = \"out\"; output;")
            .Flow("egress", 0, "ip4.dst == 10.0.0.1 && flags.loopback == 0", "clone { ct_clear; inport = outport; outport = \"\"; flags.loopback = 1; reg9[0] = 1; next(pipeline=ingress, table=0); };", 1);

        Assert.Equal(["3"], network.Fates());
        Assert.Empty(network.Reasons());
    }

    [Fact]
    public void Jumps_back_come_to_an_end()
    {
        var network = new SmallNetwork().Ingress("1", "outport = \"out\"; output;")
            .Flow("egress", 0, "1", "clone { inport = outport; outport = \"\"; flags.loopback = 1; next(pipeline=ingress, table=0); };", 1);

        Assert.Equal([ActionNames.Punt], network.Fates());
    }

    [Fact]
    public void A_drop_behind_a_test_of_the_length_holds_up_to_that_length()
    {
        var compiled = new SmallNetwork().Ingress("1", "reg9[1] = check_pkt_larger(1014); next;").Ingress("reg9[1]", "icmp4 { outport = \"out\"; output; };", 1, table: 1)
            .Ingress("1", "drop;", table: 1).Compile();

        var discard = Assert.Single(compiled.Entries, entry => entry.Entry.Action is ActionCall { Name: ActionNames.Discard });
        Assert.Equal(1014u, (uint)((ActionCall)discard.Entry.Action)[ParameterNames.MaxLen]);
    }
}
