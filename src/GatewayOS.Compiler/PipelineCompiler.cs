using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Tracking;
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
    private readonly HashSet<Resource> _held = [];
    private Workshop? _workshop;
    private CompiledPipeline? _last;
    private bool _holdsDiffer;

    public PipelineCompiler()
        : this(Pipeline.Tables.ToDictionary(table => table.Name, table => table.Size))
    {
    }

    /// <param name="tableSizes">How many entries each table of the device holds.</param>
    /// <param name="ids">Its numbers; null for those of the committed program.</param>
    public PipelineCompiler(IReadOnlyDictionary<string, int> tableSizes, DeviceIds? ids = null) => (_tableSizes, Ids, Connections) = (tableSizes, ids ?? new DeviceIds(), new ConnectionCompiler(this));

    /// <summary>The numbers given so far.</summary>
    public DeviceIds Ids { get; }

    /// <summary>Evaluates known connections in what was compiled last.</summary>
    public ConnectionCompiler Connections { get; }

    /// <summary>How much of the time of all compilations went into parsing logical flows.</summary>
    public TimeSpan ParseTime => _flows.ParseTime;

    public CompiledPipeline Compile(Southbound southbound, string chassis, DeviceView device)
    {
        _classes.Update(southbound.AddressSets);
        var workshop = _workshop is { IsWorn: false } known && known.CanFollow(southbound, chassis) ? known : null;

        // One that fails on the way has seen only a part of what changed: nobody follows it.
        _workshop = null;
        if (workshop is null)
        {
            Forget();
            workshop = Begin(southbound, chassis);
        }

        var points = workshop.Update(southbound, device);
        if (_classes.Reassign())
        {
            workshop = Begin(southbound, chassis);
            points = workshop.Update(southbound, device);
        }

        // What had no room may have some now, and what has other numbers is written otherwise.
        var follows = workshop.Emission is { IsFull: false } last && last.Moves == Ids.Moves;
        if (!follows || !workshop.Emission!.TryUpdate(points, southbound, device, chassis))
        {
            Ids.ReleaseAll();
            follows = false;
            workshop.Emission = new PipelineEmitter(Ids, _tableSizes, _classes, workshop.Composer);
            workshop.Emission.TryUpdate(points, southbound, device, chassis);
            foreach (var resource in _held)
            {
                workshop.Emission.Hold(resource);
            }
        }

        Ids.Sweep();
        _workshop = workshop;
        Connections.Update(workshop, southbound, points);
        var written = workshop.Emission.Settle();
        _holdsDiffer = false;
        return _last = new CompiledPipeline(
            written.Entries, written.Changes, southbound.LogicalFlows.Count, workshop.Emission.States, workshop.Emission.EntryPoints, workshop.Evaluations,
            Ids.Reasons, workshop.Rejected.ToEquatableArray(), workshop.Emission.Full.Order().ToEquatableArray());
    }

    /// <summary>Forgets everything but parsed texts and numbers: the next compilation evaluates all anew. What was compiled last stays valid.</summary>
    public void Forget()
    {
        _workshop = null;
        Connections.Forget();
        if (_last is not null)
        {
            // Most of the heap is garbage now, old enough that the runtime would look at it only after the next has been made beside it.
            _last = null;
            GC.Collect();
        }
    }

    /// <summary>Keeps an output or a meter on the device for connections, besides those of the compiled entries; it is there after <see cref="Settle"/> and a reconciliation.</summary>
    internal void Hold(Resource resource)
    {
        if (_held.Add(resource) && _workshop?.Emission is { } emission)
        {
            emission.Hold(resource);
            _holdsDiffer = true;
        }
    }

    internal void Release(Resource resource)
    {
        if (_held.Remove(resource) && _workshop?.Emission is { } emission)
        {
            emission.Release(resource);
            _holdsDiffer = true;
        }
    }

    internal ushort? NumberOf(Resource resource) => _workshop?.Emission?.NumberOf(resource);

    /// <summary>The last compilation with the outputs and meters that connections have come to need, or need no more, since; null if it is the same.</summary>
    public CompiledPipeline? Settle()
    {
        if (!_holdsDiffer || _workshop?.Emission is not { } emission || _last is not { } last)
        {
            return null;
        }

        _holdsDiffer = false;
        var written = emission.Settle();
        return _last = last with { Entries = written.Entries, Changes = written.Changes, FullTables = emission.Full.Order().ToEquatableArray() };
    }

    private Workshop Begin(Southbound southbound, string chassis)
    {
        _classes.Begin();
        return new Workshop(chassis, southbound.Chassis.FirstOrDefault(row => row.Name == chassis)?.Uuid, _flows, _classes);
    }
}
