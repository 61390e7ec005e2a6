using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Network;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.P4;

namespace GatewayOS.Compiler;

/// <summary>Compiles the southbound database, as one chassis sees it, into the table entries of its device.</summary>
/// <remarks>
/// southbound rows -> partial evaluation from each entry point (Evaluation/) -> automaton (Automaton/) -> composed and placed on
/// stages (Passes/) -> entries (Emission/). Keep one compiler for the life of the agent: it remembers what it has evaluated, and compiling
/// the next version of the database evaluates only what changed.
/// </remarks>
public sealed class PipelineCompiler
{
    private readonly FlowSource _flows = new();
    private readonly AddressClasses _classes = new();
    private readonly IReadOnlyDictionary<string, int> _tableSizes;
    private Workshop? _workshop;

    public PipelineCompiler()
        : this(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size))
    {
    }

    /// <param name="tableSizes">How many entries each table of the device holds.</param>
    /// <param name="ids">Its numbers; null for those of the committed program.</param>
    public PipelineCompiler(IReadOnlyDictionary<string, int> tableSizes, DeviceIds? ids = null) => (_tableSizes, Ids) = (tableSizes, ids ?? new DeviceIds());

    /// <summary>The numbers given so far.</summary>
    public DeviceIds Ids { get; }

    /// <summary>How much of the time of all compilations went into parsing logical flows.</summary>
    public TimeSpan ParseTime => _flows.ParseTime;

    public CompiledPipeline Compile(Southbound southbound, string chassis, DeviceView device)
    {
        _classes.Update(southbound.AddressSets);
        if (_workshop is not { IsWorn: false } workshop || !workshop.CanFollow(southbound, chassis))
        {
            workshop = Begin(southbound, chassis);
        }

        // One that fails on the way has seen only a part of what changed: nobody follows it.
        _workshop = null;
        var points = workshop.Update(southbound, device);
        if (_classes.Reassign())
        {
            workshop = Begin(southbound, chassis);
            points = workshop.Update(southbound, device);
        }

        var sink = new EntrySink(_tableSizes);
        var states = new StateEmitter(Ids, sink, new OutputEmitter(Ids, sink), workshop.Written);
        var entries = new EntryEmitter(Ids, sink, states, new ClassEmitter(Ids, sink, _classes));
        foreach (var point in points)
        {
            entries.Place(point with { Edge = workshop.Composer.Compose(point.Edge) });
        }

        entries.Emit();
        entries.EmitPeers(new Tunnels(southbound, device, chassis).Peers());
        Ids.Sweep();
        workshop.Written.Sweep();
        _workshop = workshop;
        return new CompiledPipeline(
            sink.Entries.ToEquatableArray(), southbound.LogicalFlows.Count, states.States, entries.Count, workshop.Evaluations,
            Ids.Reasons, workshop.Rejected.ToEquatableArray(), sink.Full.Order().ToEquatableArray());
    }

    private Workshop Begin(Southbound southbound, string chassis)
    {
        _classes.Begin();
        return new Workshop(chassis, southbound.Chassis.FirstOrDefault(row => row.Name == chassis)?.Uuid, _flows, _classes);
    }
}
