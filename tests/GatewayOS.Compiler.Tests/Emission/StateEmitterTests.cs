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

    private static (List<uint?> States, EntrySink Sink) Emit(params (string Detail, Guid Flow)[] lookups)
    {
        var (ids, nodes) = (new DeviceIds(), new NodeTable());
        var sink = new EntrySink(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size));
        var emitter = new StateEmitter(ids, sink, new OutputEmitter(ids, sink));
        return ([.. lookups.Select(lookup => emitter.Enter(Lookup(nodes, lookup.Detail, lookup.Flow), PacketClass.Ipv4))], sink);
    }

    private static Edge Lookup(NodeTable nodes, string detail, Guid flow)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(flow));
        var punt = new Edge(Edits.None, new Target.Punt(new PuntCause("a reason", detail, null)), FlowTrail.Empty);
        return nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.Source, 1, uint.MaxValue), drop)], punt);
    }
}
