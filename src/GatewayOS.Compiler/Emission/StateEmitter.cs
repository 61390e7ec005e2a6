using System.Diagnostics;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Writes the automaton as entries of the lookup stages, what is pointed at before what points at it.</summary>
/// <remarks>
/// A state's number follows from its content, the numbers of the states behind it included. A changed state is therefore a new
/// state: both exist until the entry that leads there is switched over (invariant I5).
/// </remarks>
internal sealed class StateEmitter(DeviceIds ids, EntrySink sink, OutputEmitter outputs)
{
    private readonly Dictionary<(Node, Stage), uint?> _states = [];
    private readonly Dictionary<(Edge, PacketClass), uint?> _entries = [];
    private readonly Dictionary<uint, bool> _written = [];

    public int States => _written.Values.Count(isThere => isThere);

    /// <summary>The state to enter by so that the edge is taken, or null when it could not be placed.</summary>
    public uint? Enter(Edge edge, PacketClass packetClass)
    {
        if (edge is { Edits.IsNone: true, Target: Target.Go(var node) })
        {
            return Place(node, 0);
        }

        if (!_entries.TryGetValue((edge, packetClass), out var state))
        {
            state = Emit(Stage.First, packetClass, [], edge);
            _entries.Add((edge, packetClass), state);
        }

        return state;
    }

    private uint? Place(Node node, int order)
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

    private uint? Emit(Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback)
    {
        var calls = new (ActionCall Action, PuntCause? Cause)[rows.Count + 1];
        var hash = new StableHash();
        hash.Add(stage.Table(packetClass));
        hash.Add((ulong)packetClass);
        for (var i = 0; i <= rows.Count; i++)
        {
            calls[i] = Call(i < rows.Count ? rows[i].Edge : fallback, stage);
            var (cube, edge) = i < rows.Count ? rows[i] : new Row(Cube.Any, fallback);
            Add(ref hash, cube, calls[i].Action, edge.Flows);
        }

        if (ids.States.IdOf(hash.Value) is not { } state)
        {
            return null;
        }

        // Nodes that differ only in what a cause says in detail are one state; the first speaks for it.
        if (_written.TryGetValue(state, out var isThere))
        {
            return isThere ? state : null;
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
        return isThere ? state : null;
    }

    private (ActionCall Action, PuntCause? Cause) Call(Edge edge, Stage stage)
    {
        var edits = new HeaderEdits(edge.Edits.EthSource, edge.Edits.EthDestination, (byte)edge.Edits.TtlDecrement, edge.Edits.Dscp);
        switch (edge.Target)
        {
            case Target.Drop:
                return (PipelineActions.Deny, null);
            case Target.Punt(var cause):
                return Punt(cause);
            case Target.Track(var cause):
                return (PipelineActions.Track(TrackState(cause), ids.ReasonOf(cause.Reason)), cause);
            case Target.Forward(var output):
                return outputs.Emit(output) is not { } id ? Punt(new PuntCause(Reasons.TableFull, TableNames.Output, null))
                    : (edge.Edits.IsNone ? PipelineActions.Forward(id, 0) : PipelineActions.Forward(id, 0, edits), null);
            case Target.Go(var node):
                return Place(node, stage.Order + 1) is not { } next
                    ? Punt(Unplaced(node, stage))
                    : (edge.Edits.IsNone ? PipelineActions.Go(next) : PipelineActions.Go(next, edits), null);
            default:
                throw new UnreachableException();
        }
    }

    private static PuntCause Unplaced(Node node, Stage stage) => Stage.For(node, stage.Order + 1) is null
        ? new PuntCause(Reasons.Unplaceable, $"{node.Rows.Count} rows such as {node.Rows[0].Cube} behind {stage.Table(node.Class)}", null)
        : new PuntCause(Reasons.TableFull, "", null);

    private (ActionCall Action, PuntCause? Cause) Punt(PuntCause cause) => (PipelineActions.Punt(ids.ReasonOf(cause.Reason)), cause);

    // A place to wait for a connection entry; connections are told apart by the flow that asked conntrack.
    private uint TrackState(PuntCause cause)
    {
        var hash = new StableHash();
        hash.Add(cause.Flow ?? Guid.Empty);
        hash.Add(cause.Detail);
        return ids.States.IdOf(hash.Value) ?? 0;
    }

    // The flows belong to the content: an entry must name those of its own packets (invariant I6).
    private static void Add(ref StableHash hash, Cube cube, ActionCall action, FlowTrail flows)
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

        hash.Add(action.Name);
        foreach (var argument in action.Arguments)
        {
            hash.Add(argument.Value);
        }
    }
}
