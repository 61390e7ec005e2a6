using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.P4;
using Xunit;

namespace GatewayOS.Compiler.Tests.Emission;

public sealed class StateEmitterTests
{
    [Fact]
    public void Lookups_that_differ_only_in_the_flows_behind_them_are_written_once()
    {
        var (ids, nodes) = (new DeviceIds(), new NodeTable());
        var sink = new EntrySink(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size));
        var emitter = new StateEmitter(ids, sink, new OutputEmitter(ids, sink));

        var states = new[] { Guid.NewGuid(), Guid.NewGuid() }.Select(flow => emitter.Enter(Lookup(nodes, flow), PacketClass.Ipv4)).ToList();

        Assert.NotNull(states[0]);
        Assert.Equal(states[0], states[1]);
        Assert.Equal(1, emitter.States);
        Assert.Equal(sink.Entries.Count, sink.Entries.Select(entry => entry.Entry.Key).Distinct().Count());
    }

    private static Edge Lookup(NodeTable nodes, Guid flow)
    {
        var drop = new Edge(Edits.None, Target.Drop.Instance, FlowTrail.Empty.Before(flow));
        var punt = new Edge(Edits.None, new Target.Punt(new PuntCause("a reason", "", null)), FlowTrail.Empty);
        return nodes.Lookup(PacketClass.Ipv4, [new Row(Cube.Of(KeyField.Source, 1, uint.MaxValue), drop)], punt);
    }
}
