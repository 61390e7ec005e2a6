using System.Diagnostics;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.Ovn;

namespace GatewayOS.Compiler.Emission;

/// <summary>Writes entries, and follows the entry points from compilation to compilation: only what is behind those that changed is written again.</summary>
internal sealed class PipelineEmitter
{
    private readonly EntrySink _sink;
    private readonly StateGraph _graph;
    private readonly EntryEmitter _entries;
    private readonly PeerEmitter _peers;
    private readonly Composer _composer;
    private readonly OutputEmitter _outputs;
    private readonly MeterEmitter _meters;

    public PipelineEmitter(DeviceIds ids, IReadOnlyDictionary<string, int> tableSizes, AddressClasses classes, Composer composer)
    {
        (_sink, _composer, Moves) = (new EntrySink(tableSizes), composer, ids.Moves);
        (_outputs, _meters) = (new OutputEmitter(ids, _sink), new MeterEmitter(ids, _sink));
        _graph = new StateGraph(_outputs);
        _entries = new EntryEmitter(ids, _sink, _graph, new StateWriter(ids, _sink, _outputs, _meters), new SpaceEmitter(ids, _sink, classes));
        _peers = new PeerEmitter(_sink);
    }

    /// <summary><see cref="DeviceIds.Moves"/> when it began.</summary>
    public int Moves { get; }

    public int States => _graph.Count;

    public int EntryPoints => _entries.Count;

    /// <summary>Tables that refused something.</summary>
    public IEnumerable<string> Full => _sink.Full;

    /// <summary>Whether something was left out for lack of room.</summary>
    public bool IsFull => _sink.IsFull;

    /// <returns>Whether everything has room; while old and new exist together it may be less than there will be.</returns>
    public bool TryUpdate(IReadOnlyList<IReadOnlyList<EntryPoint>> points, Southbound southbound, DeviceView device, string chassis)
    {
        _entries.Update(points, _composer);
        _peers.Update(southbound, device, chassis);
        return !_sink.IsFull;
    }

    /// <summary>Writes an output or a meter for a connection, for as long as it is not released.</summary>
    public void Hold(Resource resource) => For(resource, _outputs.Take, _meters.Take);

    public void Release(Resource resource) => For(resource, _outputs.Release, _meters.Release);

    /// <summary>The number of what is written, or null.</summary>
    public ushort? NumberOf(Resource resource) => resource switch
    {
        OutputTarget output => (ushort?)_outputs.Place(output)?.Id,
        RateLimit meter => _meters.NumberOf(meter),
        _ => throw new UnreachableException(),
    };

    private static void For(Resource resource, Action<OutputTarget> output, Action<RateLimit> meter)
    {
        if (resource is RateLimit limit)
        {
            meter(limit);
        }
        else
        {
            output((OutputTarget)resource);
        }
    }

    /// <summary>Ends a compilation.</summary>
    public (CompiledEntries Entries, IReadOnlyList<EntryChange>? Changes) Settle() => _sink.Settle();
}
