using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class StateEmitterTests
{
    [Fact]
    public void Lookups_with_other_flows_behind_them_are_states_of_their_own()
    {
        var (states, sink) = Emit(("a reason", Guid.NewGuid()), ("a reason", Guid.NewGuid()));

        Assert.NotEqual(states[0], states[1]);
        Assert.Equal(4, sink.Entries.Count);
    }

    [Fact]
    public void Lookups_that_differ_only_in_the_detail_of_a_cause_are_written_once()
    {
        var flow = Guid.NewGuid();
        var (states, sink) = Emit(("a detail", flow), ("another", flow));

        Assert.NotNull(states[0]);
        Assert.Equal(states[0], states[1]);
        Assert.Equal(2, sink.Entries.Count);
    }

    [Fact]
    public void A_state_that_got_another_number_than_its_first_choice_changes_no_number_of_those_that_lead_to_it()
    {
        var usual = new DeviceIds();
        var (flow, outer) = (Guid.NewGuid(), Guid.NewGuid());
        var behind = Enter(usual, nodes => Lookup(nodes, "a detail", flow));
        var front = Enter(usual, nodes => Front(nodes, flow, outer));

        var crowded = new DeviceIds();
        // What has the number is some other content with the same first choice.
        Assert.Equal(behind.State, crowded.States.IdOf(behind.State!.Value - 1));
        var pushed = Enter(crowded, nodes => Lookup(nodes, "a detail", flow));
        Assert.NotEqual(behind.State, pushed.State);
        var again = Enter(crowded, nodes => Front(nodes, flow, outer));
        Assert.Equal(front.State, again.State);
        var changed = front.Sink.Entries.Select(entry => entry.Entry).Except(again.Sink.Entries.Select(entry => entry.Entry));
        Assert.Equal(PipelineActions.Go(behind.State.Value), Assert.Single(changed, entry => entry.Table == TableNames.L2).Action);
    }

    private static (uint? State, EntrySink Sink) Enter(DeviceIds ids, Func<NodeTable, Edge> edge)
    {
        var sink = new EntrySink(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size));
        return (new StateEmitter(ids, sink, new OutputEmitter(ids, sink), new EmissionMemory()).Enter(edge(new NodeTable()), PacketClass.Ipv4), sink);
    }

    /// <summary>A lookup of the destination, with the other lookup behind it.</summary>
    private static Edge Front(NodeTable nodes, Guid flow, Guid outer)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(outer));
        return nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.EthDestination, 1, (1ul << 48) - 1), drop)], Lookup(nodes, "a detail", flow));
    }

    private static (List<uint?> States, EntrySink Sink) Emit(params (string Detail, Guid Flow)[] lookups)
    {
        var (ids, nodes) = (new DeviceIds(), new NodeTable());
        var sink = new EntrySink(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size));
        var emitter = new StateEmitter(ids, sink, new OutputEmitter(ids, sink), new EmissionMemory());
        return ([.. lookups.Select(lookup => emitter.Enter(Lookup(nodes, lookup.Detail, lookup.Flow), PacketClass.Ipv4))], sink);
    }

    private static Edge Lookup(NodeTable nodes, string detail, Guid flow)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(flow));
        var punt = new Edge(Edits.None, new Target.Punt(new PuntCause("a reason", detail, null)), FlowTrail.Empty);
        return nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.Source, 1, uint.MaxValue), drop)], punt);
    }
}
