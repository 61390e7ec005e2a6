using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>Stateless NAT: a row rewrites the address, the next does the rest.</summary>
public sealed class AddressEditTests
{
    [Fact]
    public void The_destination_is_rewritten_where_it_is_asked_for_and_never_asked_again()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("ip4.dst == 172.16.0.50", "ip4.dst = 10.0.0.11; next;", 1)
            .Ingress("ip4.dst == 10.0.0.11", "eth.dst = 02:00:00:00:00:01; outport = \"out\"; output;", 1, table: 1)
            .Ingress("1", "drop;", table: 1).Ingress("1", "next;").Compile()).ToList();

        var rewrite = Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.GoDst4 });
        Assert.Contains(new FieldMatch.Lpm(KeyNames.Dst, 0xac100032, 32), rewrite.Entry.Match);
        Assert.Equal(0x0a00000bu, (uint)((ActionCall)rewrite.Entry.Action)[ParameterNames.Address]);
        var rest = Assert.Single(behind, entry => entry.Entry.Match is [FieldMatch.Exact state] && state.Value == ((ActionCall)rewrite.Entry.Action)[ParameterNames.Next]);
        Assert.Equal(ActionNames.ForwardEdit, ((ActionCall)rest.Entry.Action).Name);
        Assert.NotEmpty(rewrite.Flows);
        Assert.Empty(rest.Flows);
    }

    [Fact]
    public void Both_addresses_take_two_rows()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("ip4", "ip4.dst = 10.0.0.11; ip4.src = 10.0.0.12; outport = \"out\"; output;").Compile());

        Assert.Equal([ActionNames.GoDst4, ActionNames.GoSrc4, ActionNames.Forward], behind.Select(entry => ((ActionCall)entry.Entry.Action).Name));
    }

    [Fact]
    public void Behind_an_Ethernet_address_the_next_stage_rewrites()
    {
        var behind = SmallNetwork.Behind(new SmallNetwork()
            .Ingress("eth.dst == 02:00:00:00:00:01", "ip4.src = 10.0.0.12; outport = \"out\"; output;", 1).Ingress("1", "drop;").Compile()).ToList();

        Assert.Single(behind, entry => entry.Entry.Table == TableNames.Special4 && entry.Entry.Action is ActionCall { Name: ActionNames.GoSrc4 });
        Assert.Single(behind, entry => entry.Entry.Action is ActionCall { Name: ActionNames.Forward });
    }

    [Fact]
    public void Packets_with_another_address_wait_for_their_connection_where_those_wait_that_came_with_it()
    {
        var network = new SmallNetwork().Ingress("ip4.dst == 172.16.0.50", "ip4.dst = 10.0.0.11; next;", 1).Ingress("1", "next;").Ingress("1", "ct_next;", table: 1);

        Assert.Equal([ActionNames.Track], network.Fates().Distinct());
        Assert.Single(SmallNetwork.Behind(network.Compile()), entry => entry.Entry.Action is ActionCall { Name: ActionNames.GoDst4 });
    }

    [Fact]
    public void An_address_of_the_other_family_is_none_to_rewrite() =>
        Assert.Empty(new SmallNetwork().Ingress("ip6", "ip6.dst = fd00::1; outport = \"out\"; output;").Reasons());
}
