using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>Numbers states and writes their entries.</summary>
/// <remarks>
/// A state's number follows from its content, so that a changed state is a new one: both exist until the entry that leads there is switched
/// over (invariant I5). Where every packet would meet at most one changed row, the new state takes over the number of the one in whose place it
/// is, and what leads there stays as it is.
/// </remarks>
internal sealed class StateWriter(DeviceIds ids, EntrySink sink, OutputEmitter outputs, MeterEmitter meters)
{
    // States that have changed rows under a number that packets use, and those that lead to such.
    private readonly HashSet<State> _touched = [];

    /// <param name="born">What is pointed at before what points at it.</param>
    /// <param name="gone">The states that nothing leads to any more.</param>
    public void Write(IReadOnlyList<State> born, IReadOnlyList<State> gone)
    {
        foreach (var state in born)
        {
            Hold(state);
            if (!TrySucceed(state))
            {
                Found(state);
            }

            if (state.Steps.Any(step => step.Next is { } next && _touched.Contains(next)))
            {
                _touched.Add(state);
            }
        }

        foreach (var state in gone)
        {
            Withdraw(state);
        }

        foreach (var state in born)
        {
            state.Predecessor = null;
        }

        _touched.Clear();
    }

    private void Withdraw(State state)
    {
        foreach (var step in state.Steps)
        {
            if (step.Output is { } output)
            {
                outputs.Release(output);
            }
            else if (step.Place is { } waiting)
            {
                ids.States.Release(StateContent.Of(waiting));
            }
        }

        foreach (var meter in MetersOf(state))
        {
            meters.Release(meter);
        }

        if (state.Place is { } place && state.Successor is not { Inherits: true })
        {
            sink.Remove(new BlockKey(BlockKind.State, place.Id));
            ids.States.Release(place.Content);
        }
    }

    private void Hold(State state)
    {
        foreach (var step in state.Steps)
        {
            if (step.Output is { } output)
            {
                outputs.Take(output);
            }
            else if (step.Place is { } place)
            {
                ids.States.Take(StateContent.Of(place));
            }
        }

        foreach (var meter in MetersOf(state))
        {
            meters.Take(meter);
        }
    }

    // Those that its entries name: a drop and a punt name none, and what leaves the edits to the next state neither.
    private static IEnumerable<RateLimit> MetersOf(State state)
    {
        for (var i = 0; i < state.Count; i++)
        {
            foreach (var meter in DoesEdits(state.Steps[i]) ? state.Row(i).Edge.Edits.Meters : [])
            {
                yield return meter;
            }
        }
    }

    // A content that still has a number of its own goes back to it.
    private bool TrySucceed(State state)
    {
        if (state.Weights.Count > 0 || state.Predecessor is not { Place: { } place } before || ids.States.IdOf(state.Content) is not null || ids.States.UsersOf(place.Content) != 1)
        {
            return false;
        }

        var rows = RowAlignment.Of(before, state);
        var entries = Entries(state, place.Id, before, rows);
        var changes = RowChanges.Of(before, entries, rows);
        if (changes.Any && (!changes.AreAtomic(state) || changes.Modified.Concat(changes.Inserted).Any(row => LeadsToTouched(state.Steps[row]))
            || changes.Modified.Any(row => LeadsToTouched(before.Steps[rows[row]]))))
        {
            return false;
        }

        if (!sink.TryPut(new BlockKey(BlockKind.State, place.Id), entries))
        {
            return false;
        }

        ids.States.Inherit(place.Content, state.Content);
        (state.Inherits, state.Place, state.Entries) = (true, place with { Content = state.Content }, entries);
        if (changes.Any)
        {
            _touched.Add(state);
        }

        return true;
    }

    private bool LeadsToTouched(Step step) =>
        step.Next is { } next && (_touched.Contains(next) || (next.Successor is { Inherits: true } successor && _touched.Contains(successor)));

    private void Found(State state)
    {
        var content = ContentAsWritten(state);
        if (ids.States.Take(content) is not { } id)
        {
            sink.IsOutOfNumbers = true;
            return;
        }

        var entries = Entries(state, id, null, []);
        if (sink.TryPut(new BlockKey(BlockKind.State, id), entries))
        {
            (state.Place, state.Entries) = (new Placed(id, content), entries);
        }
        else
        {
            ids.States.Release(content);
        }
    }

    // Where something had no room, the entries punt, and that is another content.
    private UInt128 ContentAsWritten(State state)
    {
        if (state.Steps.All(step => step switch
        {
            { Next: { } next } => next.Place is { } place && place.Content == next.Content,
            { Output: { } output } => outputs.Place(output) is not null,
            _ => true,
        }) && MetersOf(state).All(IsPlaced))
        {
            return state.Content;
        }

        var hash = new StableHash();
        hash.Add(state.Content);
        foreach (var step in state.Steps)
        {
            hash.Add(step.Next?.Place?.Content ?? (step.Output is { } output && outputs.Place(output) is not null ? UInt128.One : UInt128.Zero));
        }

        foreach (var meter in MetersOf(state))
        {
            hash.Add(IsPlaced(meter) ? 1ul : 0);
        }

        return hash.Value;
    }

    private static bool DoesEdits(Step step) =>
        step is { Address: null, Turn: null, Defers: false } and ({ Next: not null } or { Output: not null } or { Place: not null });

    private bool IsPlaced(RateLimit? meter) => meter is null || meters.NumberOf(meter) is not null;

    private ushort NumberOf(RateLimit? meter) => meter is null ? (ushort)0 : meters.NumberOf(meter) ?? 0;

    private CompiledEntry[] Entries(State state, uint id, State? before, int[] rows)
    {
        if (state.Weights.Count > 0)
        {
            return [Choice(state, id)];
        }

        var entries = new CompiledEntry[state.Count];
        for (var i = 0; i < entries.Length; i++)
        {
            var old = before is not null && rows[i] >= 0 ? before.Entries[rows[i]] : null;
            entries[i] = old is not null && IsSame(before!, rows[i], state, i) ? old : Entry(state, i, id, old);
        }

        return entries;
    }

    // The flows that the members have in common: a packet passes those of one of them besides.
    private CompiledEntry Choice(State state, uint id)
    {
        var (calls, flows, cause) = (new List<WeightedCall>(), state.Row(0).Edge.Flows.ToList(), (PuntCause?)null);
        for (var i = 0; i < state.Count; i++)
        {
            var edge = state.Row(i).Edge;
            var (action, why) = Action(state.Steps[i], edge.Edits, state.Class);
            cause ??= why;
            flows.RemoveAll(flow => !edge.Flows.Contains(flow));
            var same = calls.FindIndex(call => call.Call.Equals(action));
            if (same < 0)
            {
                calls.Add(new WeightedCall(action, state.Weights[i]));
            }
            else
            {
                calls[same] = calls[same] with { Weight = calls[same].Weight + state.Weights[i] };
            }
        }

        var entry = new TableEntry(state.Stage.Table(state.Class), [new FieldMatch.Exact(KeyNames.State, id)], 0, new ActionSet([.. calls]));
        return new CompiledEntry(entry, Enumerable.Reverse(flows).Aggregate(FlowTrail.Empty, (trail, flow) => trail.Before(flow)), cause);
    }

    private static bool IsSame(State before, int oldRow, State state, int row)
    {
        var (old, now) = (before.Steps[oldRow], state.Steps[row]);
        if (!ReferenceEquals(now.Next, old.Next) && !(now.Next is { Inherits: true } next && ReferenceEquals(next.Predecessor, old.Next)))
        {
            return false;
        }

        var (oldEdge, edge) = (before.Row(oldRow).Edge, state.Row(row).Edge);
        return ReferenceEquals(oldEdge, edge)
            || (old.Output == now.Output && old.Turn == now.Turn && old.Cause == now.Cause && old.Place == now.Place && oldEdge.Edits == edge.Edits && oldEdge.Flows.Equals(edge.Flows));
    }

    private CompiledEntry Entry(State state, int row, uint id, CompiledEntry? old)
    {
        var (cube, edge) = state.Row(row);
        var (action, cause) = Action(state.Steps[row], edge.Edits, state.Class);
        if (old is not null && old.Entry.Action.Equals(action))
        {
            return old with { Flows = edge.Flows, Cause = cause };
        }

        var entry = StageEntries.Of(state.Stage.Table(state.Class), id, cube, state.Priority(row), state.Class, action);
        return new CompiledEntry(entry, edge.Flows, cause);
    }

    private (ActionCall Action, PuntCause? Cause) Action(Step step, Edits edits, PacketClass packetClass)
    {
        step = step.Cause is { } why ? step with { Cause = why with { Reason = Reasons.For(packetClass, why.Reason) } } : step;
        var header = edits.ToHeader(NumberOf(edits.Meter), NumberOf(edits.Meter2));
        return step switch
        {
            _ when DoesEdits(step) && !(IsPlaced(edits.Meter) && IsPlaced(edits.Meter2)) => Punt(new PuntCause(Reasons.TableFull, MeterNames.Meters, null)),
            { Next: { Place: { } place }, Address: { } address } => (Rewrite(packetClass, place.Id, address), null),
            { Next: { Place: { } place }, Turn: Turn.Echo(var type, var ttl) } => (PipelineActions.Turn(place.Id, type, ttl), null),
            { Next: { Place: { } place }, Turn: Turn.Ethernet } => (PipelineActions.TurnEth(place.Id), null),
            { Next: { Place: { } place }, Turn: Turn.Answer(var address) } => (PipelineActions.Answer(place.Id, address.Value), null),
            { Next: { Place: { } place }, Defers: true } => (PipelineActions.Go(place.Id), null),
            { Next: { Place: { } place } } => (PipelineActions.Go(place.Id, header), null),
            { Next: not null } => Punt(new PuntCause(Reasons.TableFull, "", null)),
            { Output: { } output } => outputs.Place(output) is { } way
                ? (PipelineActions.Forward((ushort)way.Id, 0, header), null)
                : Punt(new PuntCause(Reasons.TableFull, TableNames.Output, null)),
            { Place: { } place, Cause: { } cause } => (PipelineActions.Track(ids.States.IdOf(StateContent.Of(place))!.Value, ids.ReasonOf(cause.Reason), header), cause),
            { Cause: { } cause } => Punt(cause),
            _ => (PipelineActions.Deny, null),
        };
    }

    private static ActionCall Rewrite(PacketClass packetClass, uint next, AddressEdit edit) => (packetClass.IsIpv6(), edit.IsSource) switch
    {
        (false, true) => PipelineActions.GoSrc4(next, (uint)edit.Address),
        (false, false) => PipelineActions.GoDst4(next, (uint)edit.Address),
        (_, true) => PipelineActions.GoSrc6(next, edit.Address),
        (_, false) => PipelineActions.GoDst6(next, edit.Address),
    };

    private (ActionCall Action, PuntCause? Cause) Punt(PuntCause cause) => (PipelineActions.Punt(ids.ReasonOf(cause.Reason)), cause);
}
