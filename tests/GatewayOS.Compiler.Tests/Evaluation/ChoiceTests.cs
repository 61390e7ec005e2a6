using GatewayOS.Compiler.Coverage;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Evaluation;

/// <summary>ECMP: <c>select</c> becomes an action set, of which the device takes one by the flow.</summary>
public sealed class ChoiceTests
{
    private const string Select = "reg8[16..31] = select(1=20, 2=10, 3=5);";

    [Fact]
    public void Each_member_has_what_becomes_of_its_packets_and_its_weight()
    {
        var pipeline = Network().Compile();
        var entry = Assert.Single(SmallNetwork.Behind(pipeline), entry => entry.Entry.Table == TableNames.Select);
        var set = Assert.IsType<ActionSet>(entry.Entry.Action);

        Assert.Equal([(ActionNames.ForwardEdit, 20), (ActionNames.ForwardEdit, 10), (ActionNames.Punt, 5)], set.Calls.Select(call => (call.Call.Name, call.Weight)));
        Assert.NotEqual(set.Calls[0].Call[ParameterNames.EthDst], set.Calls[1].Call[ParameterNames.EthDst]);
        Assert.Equal("a packet that software must generate or answer: arp", entry.Cause?.Reason);
        Assert.Contains(PipelineCoverage.Of(pipeline), coverage => coverage is { Share: Share.Partly, Lookups: 1 });
    }

    [Fact]
    public void The_flows_of_the_entry_are_those_of_all_members()
    {
        var network = Network();
        var pipeline = network.Compile();
        var entry = Assert.Single(SmallNetwork.Behind(pipeline), entry => entry.Entry.Table == TableNames.Select);

        Assert.Empty(entry.Flows);
    }

    [Fact]
    public void Members_that_do_the_same_are_no_choice() =>
        Assert.Equal(
            [TableNames.Guard4],
            SmallNetwork.Behind(new SmallNetwork().Ingress("ip4", Select).Ingress("1", "outport = \"out\"; output;", table: 1).Compile()).Select(entry => entry.Entry.Table));

    [Fact]
    public void A_member_may_be_dropped()
    {
        var after = Network().Ingress("reg8[16..31] == 2", "drop;", 9, table: 1).Compile();
        var set = Assert.IsType<ActionSet>(Assert.Single(SmallNetwork.Behind(after), entry => entry.Entry.Table == TableNames.Select).Entry.Action);

        Assert.Contains(set.Calls, call => call.Call.Name == ActionNames.Deny);
    }

    private static SmallNetwork Network() => new SmallNetwork()
        .Ingress("ip4", Select)
        .Ingress("reg8[16..31] == 1", "eth.dst = 02:00:00:00:00:01; outport = \"out\"; output;", 1, table: 1)
        .Ingress("reg8[16..31] == 2", "eth.dst = 02:00:00:00:00:02; outport = \"out\"; output;", 1, table: 1)
        .Ingress("1", "arp { output; };", table: 1);
}
