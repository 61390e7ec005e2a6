using System.Diagnostics;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Writes the automaton as entries of the lookup stages, what is pointed at before what points at it.</summary>
/// <remarks>
/// A state's number follows from its content, the contents of the states behind it included. A changed state is therefore a new
/// state: both exist until the entry that leads there is switched over (invariant I5). Numbers are no part of it, so that a state which had
/// to take another number than its first choice changes nothing but the entries that point at it.
/// </remarks>
internal sealed class StateEmitter(DeviceIds ids, EntrySink sink, OutputEmitter outputs, EmissionMemory memory)
{
    // What stands for a content in an action.
    private static readonly string[] s_numbers = [ParameterNames.Next, ParameterNames.Out, ParameterNames.Reason];

    private readonly Dictionary<(Node, int), Placed?> _states = [];
    private readonly Dictionary<(Edge, PacketClass), Placed?> _entries = [];
    private readonly Dictionary<uint, bool> _written = [];

    public int States => _written.Values.Count(isThere => isThere);

    /// <summary>Whether the edge leads to its lookup without a state that does its edits first.</summary>
    public static bool EntersDirectly(Edge edge) => edge is { Edits.IsNone: true, Target: Target.Go };

    /// <summary>The state to enter by so that the edge is taken, or null when it could not be placed.</summary>
    public uint? Enter(Edge edge, PacketClass packetClass)
    {
        if (EntersDirectly(edge))
        {
            return Place(((Target.Go)edge.Target).Node, 0)?.Id;
        }

        if (!_entries.TryGetValue((edge, packetClass), out var state))
        {
            state = Emit(new WrittenState(), Stage.First, packetClass, [], edge);
            _entries.Add((edge, packetClass), state);
        }

        return state?.Id;
    }

    private Placed? Place(Node node, int order)
    {
        if (Stage.For(node, order) is not { } stage)
        {
            return null;
        }

        return Place(node, stage);
    }

    private Placed? Place(Node node, Stage stage)
    {
        if (_states.TryGetValue((node, stage.Order), out var state))
        {
            return state;
        }

        var known = memory.Find(node, stage);
        if (known is not null && Holds(known))
        {
            state = Write(known);
        }
        else
        {
            known = new WrittenState();
            state = Emit(known, stage, node.Class, node.Rows, node.Default);
        }

        if (state is not null && !known.IsCramped)
        {
            memory.Keep(node, stage, known);
        }

        _states.Add((node, stage.Order), state);
        return state;
    }

    // Asks for all that the state points at, which writes that first and keeps its numbers in use.
    private bool Holds(WrittenState known)
    {
        var holds = true;
        foreach (var (node, stage, place) in known.Next)
        {
            holds &= Place(node, stage) == place;
        }

        foreach (var (output, place) in known.Outputs)
        {
            holds &= outputs.Emit(output) == place;
        }

        foreach (var (cause, place) in known.Tracks)
        {
            holds &= TrackPlace(cause) == place;
        }

        foreach (var (reason, id) in known.Reasons)
        {
            holds &= ids.ReasonOf(reason) == id;
        }

        return holds && ids.States.IdOf(known.Place.Content) == known.Place.Id;
    }

    private Placed? Write(WrittenState state)
    {
        if (!_written.TryGetValue(state.Place.Id, out var isThere))
        {
            isThere = sink.TryAdd(state.Entries);
            _written.Add(state.Place.Id, isThere);
        }

        return isThere ? state.Place : null;
    }

    private Placed? Emit(WrittenState written, Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback)
    {
        var calls = new Result[rows.Count + 1];
        var hash = new StableHash();
        hash.Add(stage.Table(packetClass));
        hash.Add((ulong)packetClass);
        for (var i = 0; i <= rows.Count; i++)
        {
            calls[i] = Call(written, i < rows.Count ? rows[i].Edge : fallback, stage);
            var (cube, edge) = i < rows.Count ? rows[i] : new Row(Cube.Any, fallback);
            Add(ref hash, cube, calls[i], edge.Flows);
        }

        var content = hash.Value;
        if (ids.States.IdOf(content) is not { } state)
        {
            return null;
        }

        written.Place = new Placed(state, content);
        // Nodes that differ only in what a cause says in detail are one state; the first speaks for it.
        if (_written.TryGetValue(state, out var isThere))
        {
            // Its entries are those of the other node.
            written.IsCramped = true;
            return isThere ? written.Place : null;
        }

        var entries = new CompiledEntry[rows.Count + 1];
        for (var i = 0; i <= rows.Count; i++)
        {
            var (cube, edge) = i < rows.Count ? rows[i] : new Row(Cube.Any, fallback);
            entries[i] = new CompiledEntry(
                StageEntries.Of(stage.Table(packetClass), state, cube, rows.Count - i + 1, packetClass, calls[i].Action),
                edge.Flows, calls[i].Cause);
        }

        written.Entries = entries;
        return Write(written);
    }

    private Result Call(WrittenState written, Edge edge, Stage stage)
    {
        var edits = new HeaderEdits(edge.Edits.EthSource, edge.Edits.EthDestination, (byte)edge.Edits.TtlDecrement, edge.Edits.Dscp);
        switch (edge.Target)
        {
            case Target.Drop:
                return new Result(PipelineActions.Deny, null, default);
            case Target.Punt(var cause):
                return Punt(written, cause);
            case Target.Track(var cause):
                var place = TrackPlace(cause);
                written.Tracks.Add((cause, place));
                return new Result(PipelineActions.Track(place.Id, ReasonOf(written, cause)), cause, place.Content);
            case Target.Forward(var output):
                if (outputs.Emit(output) is not { } way)
                {
                    return Cramped(written, new PuntCause(Reasons.TableFull, TableNames.Output, null));
                }

                written.Outputs.Add((output, way));
                return new Result(edge.Edits.IsNone ? PipelineActions.Forward((ushort)way.Id, 0) : PipelineActions.Forward((ushort)way.Id, 0, edits), null, way.Content);
            case Target.Go(var node):
                if (Stage.For(node, stage.Order + 1) is not { } later)
                {
                    return Punt(written, new PuntCause(Reasons.Unplaceable, $"{node.Rows.Count} rows such as {node.Rows[0].Cube} behind {stage.Table(node.Class)}", null));
                }

                if (Place(node, later) is not { } next)
                {
                    return Cramped(written, new PuntCause(Reasons.TableFull, "", null));
                }

                written.Next.Add((node, later, next));
                return new Result(edge.Edits.IsNone ? PipelineActions.Go(next.Id) : PipelineActions.Go(next.Id, edits), null, next.Content);
            default:
                throw new UnreachableException();
        }
    }

    private Result Cramped(WrittenState written, PuntCause cause)
    {
        written.IsCramped = true;
        return Punt(written, cause);
    }

    private Result Punt(WrittenState written, PuntCause cause) => new(PipelineActions.Punt(ReasonOf(written, cause)), cause, default);

    private ushort ReasonOf(WrittenState written, PuntCause cause)
    {
        var id = ids.ReasonOf(cause.Reason);
        if (!written.Reasons.Contains((cause.Reason, id)))
        {
            written.Reasons.Add((cause.Reason, id));
        }

        return id;
    }

    // A place to wait for a connection entry; connections are told apart by the flow that asked conntrack.
    private Placed TrackPlace(PuntCause cause)
    {
        var hash = new StableHash();
        hash.Add(cause.Flow ?? Guid.Empty);
        hash.Add(cause.Detail);
        return new Placed(ids.States.IdOf(hash.Value) ?? 0, hash.Value);
    }

    // The flows belong to the content: an entry must name those of its own packets (invariant I6).
    private static void Add(ref StableHash hash, Cube cube, Result result, FlowTrail flows)
    {
        foreach (var flow in flows)
        {
            hash.Add(flow);
        }

        foreach (var term in cube.Terms)
        {
            hash.Add((ulong)term.Field);
            hash.Add(term.Value);
            hash.Add(term.Mask);
        }

        hash.Add(result.Action.Name);
        hash.Add(result.Behind);
        hash.Add(result.Cause?.Reason ?? "");
        foreach (var argument in result.Action.Arguments.Where(argument => !s_numbers.Contains(argument.Name)))
        {
            hash.Add(argument.Value);
        }
    }

    /// <param name="Behind">The content of the state or output that the action points at; 0 if it does not.</param>
    private sealed record Result(ActionCall Action, PuntCause? Cause, UInt128 Behind);
}
