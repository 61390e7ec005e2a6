using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Ovsdb.Model;
using GatewayOS.P4;
using GatewayOS.Testing.Pipeline;
using static GatewayOS.Testing.Pipeline.PipelineEntries;

namespace GatewayOS.Explain.Tests;

public sealed class PacketExplainerTests
{
    private const string Why = "an action the pipeline does not do";
    private const ushort WhyIndex = 64;

    private static readonly Guid s_lookup = Guid.NewGuid(), s_route = Guid.NewGuid(), s_odd = Guid.NewGuid();

    private static readonly Southbound s_southbound = Southbound.Empty with
    {
        LogicalFlows = Table.Create<LogicalFlow>(
        [
            Flow(s_lookup, "ls_in_l2_lkup", "eth.dst == 02:00:00:00:00:01", "outport = \"r\"; output;"),
            Flow(s_route, "lr_in_ip_routing", "ip4.dst == 10.0.1.0/24", "ip.ttl--; next;"),
            Flow(s_odd, "lr_in_odd", "ip4.dst == 10.0.2.0/24", "odd();"),
        ]),
    };

    private static readonly TestFrame s_frame = new();

    private static readonly CompiledEntry[] s_compiled =
    [
        .. EnterPort(1, 10).Concat(PlainOutput()).Select(entry => new CompiledEntry(entry, FlowTrail.Empty, null)),
        new(Stage(TableNames.L2, 10, PipelineActions.Go(11), Prefix(KeyNames.EthDst, Mac("02:00:00:00:00:01"), 48)), FlowTrail.Empty.Before(s_lookup), null),
        new(
            Stage(TableNames.Route4, 11, PipelineActions.Forward(20, 0, new HeaderEdits(EthDst: MacAddress.Parse("02:00:00:00:00:77"), TtlDecrement: 1)), Prefix(KeyNames.Dst, Ip("10.0.1.0"), 24)),
            FlowTrail.Empty.Before(s_route), null),
        new(
            Stage(TableNames.Route4, 11, PipelineActions.Punt(WhyIndex), Prefix(KeyNames.Dst, Ip("10.0.2.0"), 24)),
            FlowTrail.Empty.Before(s_odd), new PuntCause(Why, "odd();", s_odd)),
        new(Stage(TableNames.Route4, 11, PipelineActions.Deny, Prefix(KeyNames.Dst, Ip("10.0.3.0"), 24)), FlowTrail.Empty, null),
    ];

    private static readonly DeviceContent s_content = new(
        [.. s_compiled.Select(entry => entry.Entry)], s_compiled.ToDictionary(entry => entry.Entry.Key), new Dictionary<uint, string> { [WhyIndex] = Why });

    [Fact]
    public void A_forwarded_packet_shows_each_lookup_with_its_flows_and_edits_and_leaves_as_from_the_device()
    {
        var explanation = Explain(s_frame);
        var hits = explanation.Lookups.Where(lookup => lookup.IsHit).ToList();
        Assert.Equal(["entry_port", "l2", "route4", "output", "framing"], hits.Select(hit => hit.Table));
        Assert.Equal("state=0xb dst=10.0.1.3", hits[2].Key);
        Assert.Equal("state=0xb dst=10.0.1.0/24", hits[2].Match);
        Assert.Equal(["eth.dst = 02:00:00:00:00:77", "ip.ttl -= 1"], hits[2].Edits);
        Assert.Equal([(s_lookup, "ls_in_l2_lkup"), (s_route, "lr_in_ip_routing")], hits.SelectMany(hit => hit.Flows).Select(flow => (flow.Uuid, flow.Stage)));
        Assert.Equal(ExplainedVerdict.Forward, explanation.Verdict.Verdict);
        var output = Assert.Single(explanation.Verdict.Outputs);
        var expected = s_frame with { EthDst = MacAddress.Parse("02:00:00:00:00:77"), Ttl = 63 };
        Assert.Equal(("port2", Convert.ToHexStringLower(expected.ToBytes())), (output.Port, output.Packet));
        Assert.Contains("10.0.0.2 > 10.0.1.3, ttl 63, tcp 4321 > 80 ack", output.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_punted_packet_names_the_flow_and_the_action_and_what_would_change_it()
    {
        var verdict = Explain(s_frame with { Dst = System.Net.IPAddress.Parse("10.0.2.3") }).Verdict;
        Assert.Equal((ExplainedVerdict.Punt, Why, "odd();", s_odd), (verdict.Verdict, verdict.Reason, verdict.Detail, verdict.Flow!.Uuid));
        Assert.Equal(Remedies.For(Why), verdict.Remedy);
        Assert.Empty(verdict.Outputs);
    }

    [Fact]
    public void A_dropped_packet_names_the_flow_after_which_nothing_matches()
    {
        var verdict = Explain(s_frame with { Dst = System.Net.IPAddress.Parse("10.0.3.3") }).Verdict;
        Assert.Equal((ExplainedVerdict.Drop, s_lookup), (verdict.Verdict, verdict.Flow!.Uuid));
        Assert.StartsWith("no flow of the table that follows matches", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_entry_decides_says_where_none_was_found()
    {
        var verdict = Explain(s_frame with { Dst = System.Net.IPAddress.Parse("10.0.4.3") }).Verdict;
        Assert.Equal((ExplainedVerdict.Punt, PuntReasons.Describe(PuntReason.NoEntry)), (verdict.Verdict, verdict.Reason));
        Assert.StartsWith("no entry for state 0xb in ", verdict.Detail, StringComparison.Ordinal);
        Assert.Contains("route4", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packet_that_is_too_long_says_by_how_much()
    {
        var verdict = Explain(s_frame with { PayloadSize = 1600 }).Verdict;
        Assert.Equal("1654 octets, the output takes 1514", verdict.Detail);
    }

    [Fact]
    public void A_port_without_entries_says_what_the_key_was()
    {
        var verdict = Explain(s_frame with { Vlan = 7 }).Verdict;
        Assert.Equal("no entry of entry_port has ingress_port=1 vlan_valid=1 vlan_id=7 class=ipv4", verdict.Detail);
    }

    [Fact]
    public void An_entry_that_is_not_what_was_compiled_is_shown_without_flows()
    {
        var other = (TableEntry)s_content.Entities[4] with { Action = PipelineActions.Deny };
        var explainer = new PacketExplainer(
            Switch.Program, s_content with { Entities = [.. s_content.Entities.Take(4), other] }, new FlowCatalogue(s_southbound), _ => null);
        var last = explainer.Explain(1, s_frame.ToBytes()).Lookups.Last(lookup => lookup.IsHit);
        Assert.Equal(("l2", false, 0), (last.Table, last.IsKnown, last.Flows.Count));
    }

    [Theory]
    [InlineData(1_000_000, ExplainedVerdict.Forward, "")]
    [InlineData(0, ExplainedVerdict.Drop, "a meter drops it")]
    public void A_meter_is_shown_and_what_it_drops_is_told(uint burst, string verdict, string reason)
    {
        var metered = Stage(TableNames.Route4, 11, PipelineActions.Forward(20, 0, new HeaderEdits(Meter: 7, Meter2: 8)), Prefix(KeyNames.Dst, Ip("10.0.4.0"), 24));
        var content = s_content with { Entities = [.. s_content.Entities, new MeterCell(MeterNames.Meters, 7, 1000, burst), metered] };
        var explanation = new PacketExplainer(Switch.Program, content, new FlowCatalogue(s_southbound), _ => null).Explain(1, (s_frame with { Dst = System.Net.IPAddress.Parse("10.0.4.4") }).ToBytes());

        Assert.Equal(["counts at meter 7", "counts at meter 8"], explanation.Lookups.Single(lookup => lookup is { IsHit: true, Table: TableNames.Route4 }).Edits);
        Assert.Equal((verdict, reason), (explanation.Verdict.Verdict, explanation.Verdict.Reason));
    }

    [Fact]
    public void What_the_switch_does_not_take_is_an_error()
    {
        var twice = s_content with { Entities = [.. s_content.Entities, s_content.Entities[0]] };
        Assert.Throws<ExplainException>(() => new PacketExplainer(Switch.Program, twice, new FlowCatalogue(s_southbound), _ => null));
    }

    private static Explanation Explain(TestFrame frame) =>
        new PacketExplainer(Switch.Program, s_content, new FlowCatalogue(s_southbound), port => FormattableString.Invariant($"port{port}")).Explain(1, frame.ToBytes());

    private static LogicalFlow Flow(Guid uuid, string stage, string match, string actions) => new()
    {
        Uuid = uuid,
        Pipeline = "ingress",
        Match = match,
        Actions = actions,
        ExternalIds = TextMap.Of(("stage-name", stage)),
    };
}
