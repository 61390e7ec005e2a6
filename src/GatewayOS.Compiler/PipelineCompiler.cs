using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.P4;

namespace GatewayOS.Compiler;

/// <summary>Compiles the southbound database, as one chassis sees it, into the table entries of its device.</summary>
/// <remarks>
/// southbound rows -> partial evaluation from each entry point (Evaluation/) -> automaton (Automaton/) -> composed and placed on
/// stages (Passes/) -> entries (Emission/). Keep one compiler for the life of the agent: it remembers parsed flows and
/// the numbers it gave.
/// </remarks>
public sealed class PipelineCompiler
{
    private readonly FlowSource _flows = new();
    private readonly DeviceIds _ids = new();
    private readonly AddressClasses _classes = new();
    private readonly IReadOnlyDictionary<string, int> _tableSizes;

    public PipelineCompiler()
        : this(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size))
    {
    }

    /// <param name="tableSizes">How many entries each table of the device holds.</param>
    public PipelineCompiler(IReadOnlyDictionary<string, int> tableSizes) => _tableSizes = tableSizes;

    /// <summary>How much of the time of all compilations went into parsing logical flows.</summary>
    public TimeSpan ParseTime => _flows.ParseTime;

    public CompiledPipeline Compile(Southbound southbound, string chassis, DeviceView device)
    {
        var network = new LogicalNetwork(southbound, chassis, _flows, _classes);
        var local = LocalDatapaths.Find(southbound, chassis).Datapaths;
        _classes.Begin(southbound.AddressSets);
        var (evaluated, evaluations) = Evaluate(network, device, local);
        if (_classes.Reassign())
        {
            (evaluated, evaluations) = Evaluate(network, device, local);
        }

        var sink = new EntrySink(_tableSizes);
        var states = new StateEmitter(_ids, sink, new OutputEmitter(_ids, sink));
        var entries = new EntryEmitter(_ids, sink, states, new ClassEmitter(_ids, sink, _classes));
        foreach (var point in evaluated)
        {
            entries.Place(point);
        }

        entries.Emit();
        entries.EmitPeers(new Tunnels(southbound, device).Peers(chassis));
        _ids.Sweep();
        return new CompiledPipeline(
            sink.Entries.ToEquatableArray(), southbound.LogicalFlows.Count, states.States, entries.Count, evaluations,
            _ids.Reasons, network.Rejected.Select(flow => flow.Uuid).Distinct().ToEquatableArray(), sink.Full.Order().ToEquatableArray());
    }

    private static (IReadOnlyList<EntryPoint> Points, int Evaluations) Evaluate(LogicalNetwork network, DeviceView device, IReadOnlySet<Guid> local)
    {
        var nodes = new NodeTable();
        var points = new EntryPoints(network, device, local, nodes);
        var composer = new Composer(nodes);
        var composed = PacketClasses.All.SelectMany(points.All).Select(point => point with { Edge = composer.Compose(point.Edge) }).ToList();
        return (composed, points.Evaluations);
    }
}
