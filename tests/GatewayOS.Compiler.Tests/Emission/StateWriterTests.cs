using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class StateWriterTests
{
    private const int OutputEntries = 2;

    private static readonly Guid s_flow = Guid.NewGuid(), s_other = Guid.NewGuid();

    [Fact]
    public void In_which_place_a_meter_counts_is_a_part_of_what_a_state_does()
    {
        var (written, meter) = (new Written(new DeviceIds()), new RateLimit(Guid.NewGuid(), 1000, 1000));
        State? Enter(Edits edits) => written.Enter(_ => new Edge(edits, new Target.Forward(new OutputTarget.Plain(2, 1500, 0)), FlowTrail.Empty));

        Assert.NotSame(Enter(Edits.None with { Meter = meter }), Enter(Edits.None with { Meter2 = meter }));
        Assert.Same(Enter(Edits.None with { Meter = meter }), Enter(Edits.None with { Meter = meter }));
    }

    [Fact]
    public void Lookups_with_other_flows_behind_them_are_states_of_their_own()
    {
        var written = new Written(new DeviceIds());
        var (first, second) = (written.Enter(nodes => Lookup(nodes, "a reason", s_flow)), written.Enter(nodes => Lookup(nodes, "a reason", s_other)));
        written.Settle();

        Assert.NotEqual(first!.Place, second!.Place);
        Assert.Equal(4 + OutputEntries, written.Entries.Count);
    }

    [Fact]
    public void Lookups_that_differ_only_in_the_detail_of_a_cause_are_written_once()
    {
        var written = new Written(new DeviceIds());
        Assert.Same(written.Enter(nodes => Lookup(nodes, "a detail", s_flow)), written.Enter(nodes => Lookup(nodes, "another", s_flow)));
        written.Settle();

        Assert.Equal(2 + OutputEntries, written.Entries.Count);
    }

    [Fact]
    public void A_state_that_got_another_number_than_its_first_choice_changes_no_number_of_those_that_lead_to_it()
    {
        var usual = new Written(new DeviceIds());
        var behind = usual.Enter(nodes => Lookup(nodes, "a detail", s_flow))!;
        var front = usual.Enter(nodes => Front(nodes, s_flow, s_other))!;
        usual.Settle();

        var ids = new DeviceIds();
        // What has the number is some other content with the same first choice.
        Assert.Equal(behind.Place!.Value.Id, ids.States.Take(behind.Place.Value.Id - 1));
        var crowded = new Written(ids);
        var pushed = crowded.Enter(nodes => Lookup(nodes, "a detail", s_flow))!;
        var again = crowded.Enter(nodes => Front(nodes, s_flow, s_other))!;
        crowded.Settle();

        Assert.NotEqual(behind.Place, pushed.Place);
        Assert.Equal(front.Place, again.Place);
        var changed = usual.Entries.Select(entry => entry.Entry).Except(crowded.Entries.Select(entry => entry.Entry));
        Assert.Equal(PipelineActions.Go(behind.Place.Value.Id), Assert.Single(changed, entry => entry.Table == TableNames.L2).Action);
    }

    [Fact]
    public void A_state_of_which_one_row_changes_keeps_its_number_and_what_leads_to_it_stays()
    {
        var written = new Written(new DeviceIds());
        var before = written.Enter(nodes => Front(nodes, s_flow, s_other));
        written.Settle();
        var after = written.Replace(before!, nodes => Front(nodes, s_flow, s_other, Target.Drop.Instance));
        var changes = written.Settle(after, before);

        Assert.Equal(before!.Place!.Value.Id, after!.Place!.Value.Id);
        var change = Assert.Single(changes);
        Assert.Equal(change.Old!.Entry.Key, change.New!.Entry.Key);
        Assert.Equal((ActionNames.Punt, PipelineActions.Deny), (((ActionCall)change.Old.Entry.Action).Name, change.New.Entry.Action));
    }

    [Fact]
    public void A_state_whose_rows_change_their_priorities_is_written_beside_the_old_one()
    {
        var written = new Written(new DeviceIds());
        var before = written.Enter(nodes => Ternary(nodes, 80, 443));
        written.Settle();
        var after = written.Replace(before!, nodes => Ternary(nodes, 80, 100, 443));
        var changes = written.Settle(after, before);

        Assert.NotEqual(before!.Place!.Value.Id, after!.Place!.Value.Id);
        Assert.Equal(4, changes.Count(change => change.Old is null));
        Assert.Equal(3, changes.Count(change => change.New is null));
    }

    [Fact]
    public void A_state_that_leads_to_one_that_changes_in_place_does_not_change_in_place_in_the_same_row()
    {
        var written = new Written(new DeviceIds());
        var before = written.Enter(nodes => Front(nodes, s_flow, s_other));
        written.Settle();
        // The default of the front changes, and what it leads to as well.
        var after = written.Replace(before!, nodes => Front(nodes, s_flow, s_other, Target.Drop.Instance, ttl: 1));
        var changes = written.Settle(after, before);

        Assert.NotEqual(before!.Place!.Value.Id, after!.Place!.Value.Id);
        Assert.Equal(2, changes.Count(change => change is { Old: null, New.Entry.Table: TableNames.L2 }));
    }

    [Fact]
    public void What_nothing_leads_to_any_more_is_taken_away()
    {
        var written = new Written(new DeviceIds());
        var state = written.Enter(nodes => Front(nodes, s_flow, s_other))!;
        written.Settle();
        Assert.Equal(4 + OutputEntries, written.Entries.Count);
        written.Leave(state);
        Assert.Equal(4 + OutputEntries, written.Settle().Count(change => change.New is null));
        Assert.Empty(written.Entries);
    }

    /// <summary>A lookup of the destination, with the other lookup behind it.</summary>
    private static Edge Front(NodeTable nodes, Guid flow, Guid outer, Target? otherwise = null, int ttl = 0)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(outer));
        return nodes.Lookup(
            PacketClass.Ipv4, [new Row(Cube.Of(KeyField.EthDestination, 1, (1ul << 48) - 1), drop)],
            new Edge(Edits.None with { TtlDecrement = ttl }, Target.Drop.Instance, FlowTrail.Empty).With(Lookup(nodes, "a detail", flow, otherwise)));
    }

    private static Edge Lookup(NodeTable nodes, string detail, Guid flow, Target? otherwise = null)
    {
        var forward = new Edge(Edits.None, new Target.Forward(new OutputTarget.Plain(1, 1500, 0)), FlowTrail.Empty.Before(flow));
        var punt = new Edge(Edits.None, otherwise ?? new Target.Punt(new PuntCause("a reason", detail, null)), FlowTrail.Empty);
        return nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.Source, 1, uint.MaxValue), forward)], punt);
    }

    private static Edge Ternary(NodeTable nodes, params uint[] ports)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(s_flow));
        var punt = new Edge(Edits.None, new Target.Punt(new PuntCause("a reason", "", null)), FlowTrail.Empty);
        return nodes.Lookup(PacketClass.Ipv4, [.. ports.Select(port => new Row(Cube.Of(KeyField.L4Destination, port, 0xffff), drop))], punt);
    }

    private sealed class Written
    {
        private readonly NodeTable _nodes = new();
        private readonly EntrySink _sink = new(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size));
        private readonly StateGraph _graph;
        private readonly StateWriter _writer;

        public Written(DeviceIds ids)
        {
            var outputs = new OutputEmitter(ids, _sink);
            (_graph, _writer) = (new StateGraph(outputs), new StateWriter(ids, _sink, outputs, new MeterEmitter(ids, _sink)));
        }

        public CompiledEntries Entries { get; private set; } = CompiledEntries.Empty;

        public State? Enter(Func<NodeTable, Edge> edge) => _graph.Enter(edge(_nodes), PacketClass.Ipv4);

        public void Leave(State state) => _graph.Leave(state);

        public State? Replace(State before, Func<NodeTable, Edge> edge)
        {
            var after = Enter(edge);
            Leave(before);
            return after;
        }

        public IReadOnlyList<EntryChange> Settle(State? after = null, State? before = null)
        {
            var (born, gone) = _graph.Settle();
            Succession.Trace(after, before);
            _writer.Write(born, gone);
            (Entries, var changes) = _sink.Settle();
            return changes ?? [];
        }
    }
}
