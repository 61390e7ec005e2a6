using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>ARP requests and multicast: the classes besides IP for one.</summary>
public sealed class GroupClassTests
{
    private const string ArpReply = "eth.dst = eth.src; eth.src = 02:00:00:00:00:01; arp.op = 2; arp.tha = arp.sha; arp.sha = 02:00:00:00:00:01; ";
    private const string OfRouter = ArpReply + "arp.tpa <-> arp.spa; outport = inport; flags.loopback = 1; output;";
    private const string OfSwitch = ArpReply + "arp.tpa = arp.spa; arp.spa = 10.0.0.1; outport = inport; flags.loopback = 1; output;";

    [Theory]
    [InlineData(PacketClass.Arp, OfRouter)]
    [InlineData(PacketClass.ArpBroadcast, OfRouter)]
    [InlineData(PacketClass.Arp, OfSwitch)]
    [InlineData(PacketClass.ArpBroadcast, OfSwitch)]
    public void A_request_is_answered_where_the_answer_is_a_constant(PacketClass packetClass, string actions)
    {
        var network = new SmallNetwork().Ingress("arp.op == 1 && arp.tpa == 10.0.0.1", actions, 1).Ingress("1", "drop;");

        Assert.Equal(["2", ActionNames.Deny], network.Fates(packetClass));
        var answer = Assert.Single(SmallNetwork.Behind(network.Compile(), packetClass), entry => entry.Entry.Action is ActionCall { Name: ActionNames.Answer });
        Assert.Equal(0x0200_0000_0001u, (ulong)((ActionCall)answer.Entry.Action)[ParameterNames.Address]);
        Assert.Equal(TableNames.Special4, answer.Entry.Table);
        Assert.Contains(new FieldMatch.Ternary(KeyNames.Dst, 0x0a000001, uint.MaxValue), answer.Entry.Match);
    }

    [Theory]
    [InlineData("eth.dst = eth.src; eth.src = 02:00:00:00:00:01; arp.op = 2; arp.tha = arp.sha; arp.sha = 02:00:00:00:00:09; arp.tpa <-> arp.spa; outport = inport; flags.loopback = 1; output;")]
    [InlineData(ArpReply + "arp.tpa = arp.spa; arp.spa = 10.0.0.9; outport = inport; flags.loopback = 1; output;")]
    [InlineData(ArpReply + "outport = inport; flags.loopback = 1; output;")]
    [InlineData("eth.dst = eth.src; outport = inport; flags.loopback = 1; output;")]
    public void Another_change_of_a_request_is_left_to_software(string actions) => Assert.Equal(
        [ActionNames.Deny, ActionNames.Punt], new SmallNetwork().Ingress("arp.op == 1 && arp.tpa == 10.0.0.1", actions, 1).Ingress("1", "drop;").Fates(PacketClass.ArpBroadcast));

    [Fact]
    public void Behind_an_answer_it_is_no_request_and_goes_to_who_asked()
    {
        var network = new SmallNetwork().Ingress("arp.tpa == 10.0.0.1", ArpReply + "arp.tpa <-> arp.spa; flags.loopback = 1; next;", 1).Ingress("1", "drop;")
            .Ingress("arp.op == 2 && arp.tpa == 10.0.0.7 && arp.spa == 10.0.0.1", "outport = \"out\"; output;", table: 1);

        Assert.Equal(["3", ActionNames.Deny], network.Fates(PacketClass.ArpBroadcast));
        Assert.Contains(
            SmallNetwork.Behind(network.Compile(), PacketClass.ArpBroadcast),
            entry => entry.Entry.Action is ActionCall { Name: ActionNames.Forward } && entry.Entry.Match.Contains(new FieldMatch.Lpm(KeyNames.Dst, 0x0a000007, 32)));
    }

    [Fact]
    public void A_router_answers_whom_it_has_learned_and_software_learns_the_others()
    {
        var network = new SmallNetwork().Neighbor("in", "10.0.0.7", "02:00:00:00:00:07")
            .Ingress("arp.tpa == 10.0.0.1", "reg9[2] = lookup_arp(inport, arp.spa, arp.sha); next;", 1).Ingress("1", "drop;")
            .Ingress("reg9[2] == 1", OfRouter, 1, table: 1).Ingress("arp", "put_arp(inport, arp.spa, arp.sha);", table: 1);
        var behind = SmallNetwork.Behind(network.Compile(), PacketClass.ArpBroadcast).ToList();

        // Who asks comes before for whom: no later stage knows Ethernet sources.
        var known = Assert.Single(behind, entry => entry.Entry.Table == TableNames.Guard4 && entry.Entry.Match.Contains(new FieldMatch.Ternary(KeyNames.EthSrc, 0x0200_0000_0007, 0xffff_ffff_ffff)));
        Assert.Contains(new FieldMatch.Ternary(KeyNames.Src, 0x0a000007, uint.MaxValue), known.Entry.Match);
        Assert.Contains(Reasons.About(Reasons.Generated, "put_arp"), network.Reasons(PacketClass.ArpBroadcast));
        Assert.Equal(["2", ActionNames.Deny, ActionNames.Punt], network.Fates(PacketClass.ArpBroadcast));
    }

    // Were they taken for strangers, a router that learns only who is known by another address would not learn them.
    [Theory]
    [InlineData(16, "2")]
    [InlineData(17, null)]
    public void Of_more_acquaintances_than_there_is_room_for_nothing_is_known(int count, string? fate)
    {
        var network = new SmallNetwork().Ingress("1", "reg9[3] = lookup_arp_ip(inport, arp.spa); next;")
            .Ingress("reg9[3] == 0", OfRouter, 1, table: 1).Ingress("1", "put_arp(inport, arp.spa, arp.sha);", table: 1);
        for (var i = 1; i <= count; i++)
        {
            network.Neighbor("in", $"10.0.0.{i}", $"02:00:00:00:01:{i:x2}");
        }

        Assert.Equal(((string?[])[fate, ActionNames.Punt]).OfType<string>(), network.Fates(PacketClass.ArpBroadcast));
    }

    [Fact]
    public void Of_a_clone_and_its_original_the_one_that_goes_somewhere_is_enough() => Assert.Equal(
        ["3", ActionNames.Deny],
        new SmallNetwork().Group("all", "in").Ingress("arp.tpa == 10.0.0.1", "clone { outport = \"out\"; output; }; outport = \"all\"; output;", 1).Fates(PacketClass.ArpBroadcast));

    [Fact]
    public void A_clone_and_its_original_leave_as_copies() => Assert.Equal(
        ["3 + 4"], new SmallNetwork().Machine("third").Ingress("1", "clone { outport = \"out\"; output; }; outport = \"third\"; output;").Fates(PacketClass.Ipv4Group));

    [Fact]
    public void Groups_have_numbers_that_devices_have()
    {
        var network = new SmallNetwork();
        for (var i = 0; i < 40; i++)
        {
            network.Machine($"m{i}").Group($"g{i}", "out", $"m{i}").Ingress($"ip4.dst == 239.0.0.{i}", $"outport = \"g{i}\"; output;", 1);
        }

        var groups = network.Compile().Entries.Where(entry => entry.Entry.Table == Replication.Table).ToList();
        Assert.True(groups.Count >= 40);
        Assert.All(groups, group => Assert.InRange((uint)((FieldMatch.Exact)group.Entry.Match[0]).Value, 1u, Replication.Size - 1u));
    }

    [Theory]
    [InlineData(PacketClass.Ipv4Group, "ip4.mcast", "224.0.0.251")]
    [InlineData(PacketClass.Ipv6Group, "ip6.mcast", "ff02::fb")]
    public void Multicast_is_known_as_such(PacketClass packetClass, string match, string group)
    {
        var ip = packetClass == PacketClass.Ipv4Group ? "ip4" : "ip6";
        var network = new SmallNetwork().Ingress($"eth.mcast && {match}", "next;", 1).Ingress("1", "drop;")
            .Ingress($"{ip}.dst == {group}", "outport = \"out\"; output;", 1, table: 1).Ingress("1", "drop;", table: 1);

        Assert.Equal(["3", ActionNames.Deny], network.Fates(packetClass));
        Assert.Single(SmallNetwork.Behind(network.Compile(), packetClass), entry => entry.Entry.Action is ActionCall { Name: ActionNames.Forward });
    }

    [Fact]
    public void Of_what_is_flooded_the_copies_that_survive_only_sometimes_are_told_by_a_lookup()
    {
        var network = new SmallNetwork().Machine("third").Group("all", "out", "third")
            .Ingress("1", "outport = \"all\"; output;").Flow("egress", 0, "outport == \"third\" && ip4.src == 10.0.0.5", "output;", 2).Flow("egress", 0, "outport == \"third\"", "drop;", 1);

        Assert.Equal(["3", ActionNames.Punt], network.Fates(PacketClass.Ipv4Group));
        var survivor = Assert.Single(SmallNetwork.Behind(network.Compile(), PacketClass.Ipv4Group), entry => entry.Cause is not null);
        Assert.Contains(new FieldMatch.Ternary(KeyNames.Src, 0x0a000005, uint.MaxValue), survivor.Entry.Match);
    }

    [Fact]
    public void The_host_hears_what_is_for_many() => Assert.Equal(
        [Reasons.LocalStack],
        new SmallNetwork().Network("net", hostAddresses: new Core.MacAddress(0x0200_0000_0042)).Ingress("1", "outport = \"net\"; output;").Reasons(PacketClass.Ipv4Group));
}
