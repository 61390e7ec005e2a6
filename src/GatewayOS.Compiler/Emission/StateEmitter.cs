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
internal sealed class StateEmitter(DeviceIds ids, EntrySink sink, OutputEmitter outputs)
{
    // What stands for a content in an action.
    private static readonly string[] s_numbers = [ParameterNames.Next, ParameterNames.Out, ParameterNames.Reason];

    private readonly Dictionary<(Node, Stage), Placed?> _states = [];
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
            state = Emit(Stage.First, packetClass, [], edge);
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

        if (!_states.TryGetValue((node, stage), out var state))
        {
            state = Emit(stage, node.Class, node.Rows, node.Default);
            _states.Add((node, stage), state);
        }

        return state;
    }

    private Placed? Emit(Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback)
    {
        var calls = new Result[rows.Count + 1];
        var hash = new StableHash();
        hash.Add(stage.Table(packetClass));
        hash.Add((ulong)packetClass);
        for (var i = 0; i <= rows.Count; i++)
        {
            calls[i] = Call(i < rows.Count ? rows[i].Edge : fallback, stage);
            var (cube, edge) = i < rows.Count ? rows[i] : new Row(Cube.Any, fallback);
            Add(ref hash, cube, calls[i], edge.Flows);
        }

        var content = hash.Value;
        if (ids.States.IdOf(content) is not { } state)
        {
            return null;
        }

        // Nodes that differ only in what a cause says in detail are one state; the first speaks for it.
        if (_written.TryGetValue(state, out var isThere))
        {
            return isThere ? new Placed(state, content) : null;
        }

        var entries = new CompiledEntry[rows.Count + 1];
        for (var i = 0; i <= rows.Count; i++)
        {
            var (cube, edge) = i < rows.Count ? rows[i] : new Row(Cube.Any, fallback);
            entries[i] = new CompiledEntry(
                StageEntries.Of(stage.Table(packetClass), state, cube, rows.Count - i + 1, packetClass, calls[i].Action),
                edge.Flows, calls[i].Cause);
        }

        isThere = sink.TryAdd(entries);
        _written.Add(state, isThere);
        return isThere ? new Placed(state, content) : null;
    }

    private Result Call(Edge edge, Stage stage)
    {
        var edits = new HeaderEdits(edge.Edits.EthSource, edge.Edits.EthDestination, (byte)edge.Edits.TtlDecrement, edge.Edits.Dscp);
        switch (edge.Target)
        {
            case Target.Drop:
                return new Result(PipelineActions.Deny, null, default);
            case Target.Punt(var cause):
                return Punt(cause);
            case Target.Track(var cause):
                var place = TrackPlace(cause);
                return new Result(PipelineActions.Track(place.Id, ids.ReasonOf(cause.Reason)), cause, place.Content);
            case Target.Forward(var output):
                return outputs.Emit(output) is not { } way ? Punt(new PuntCause(Reasons.TableFull, TableNames.Output, null))
                    : new Result(edge.Edits.IsNone ? PipelineActions.Forward((ushort)way.Id, 0) : PipelineActions.Forward((ushort)way.Id, 0, edits), null, way.Content);
            case Target.Go(var node):
                return Place(node, stage.Order + 1) is not { } next
                    ? Punt(Unplaced(node, stage))
                    : new Result(edge.Edits.IsNone ? PipelineActions.Go(next.Id) : PipelineActions.Go(next.Id, edits), null, next.Content);
            default:
                throw new UnreachableException();
        }
    }

    private static PuntCause Unplaced(Node node, Stage stage) => Stage.For(node, stage.Order + 1) is null
        ? new PuntCause(Reasons.Unplaceable, $"{node.Rows.Count} rows such as {node.Rows[0].Cube} behind {stage.Table(node.Class)}", null)
        : new PuntCause(Reasons.TableFull, "", null);

    private Result Punt(PuntCause cause) => new(PipelineActions.Punt(ids.ReasonOf(cause.Reason)), cause, default);

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
