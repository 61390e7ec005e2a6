using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Classes;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Compiler.Tracking;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>
/// Partial evaluation: runs the logical pipelines on a packet of which only some facts are known. Flows that the facts rule
/// out vanish, a flow that is certain is executed at once, and what remains is a lookup.
/// </summary>
/// <remarks>
/// Results are remembered by table and by the facts that were really asked for, so that paths which come together share what follows, and with
/// what they depended on, so that a change evaluates again only what it concerns (<see cref="Cell"/>). After a branch only the Ethernet
/// destination is kept as a fact: without it the next switch would not fold, with addresses too states would multiply.
/// </remarks>
public sealed class Evaluator
{
    // From so many flows on, what each comes to is remembered.
    private const int LargeTable = 32;

    private readonly LogicalNetwork _network;
    private readonly NodeTable _nodes;
    private readonly ClassPipelines _pipelines;
    private readonly MatchFolder _folder;
    private readonly ActionExecutor _actions;
    private readonly CellTable _cells = new();
    private readonly ReadSets _readSets = new();
    private readonly Stack<Frame> _free = new();
    private NetworkChanges _changes = new();
    private IReadOnlySet<TableKey> _moved = new HashSet<TableKey>();
    private Frame? _frame;
    private int _now;

    public Evaluator(LogicalNetwork network, PacketClass packetClass, NodeTable nodes, AddressClasses classes)
    {
        (_network, _nodes, Roots) = (network, nodes, new RootCatalog(packetClass));
        _pipelines = new ClassPipelines(network, packetClass);
        _folder = new MatchFolder(network.IsResident, classes);
        Output = new PhysicalOutput(network, nodes, this);
        _actions = new ActionExecutor(network, nodes, Output, this);
    }

    /// <summary>For packets of one known connection: nothing is remembered.</summary>
    internal Evaluator(LogicalNetwork network, ClassPipelines pipelines, RootCatalog roots, IConntrack conntrack)
    {
        (_network, _nodes, Roots, _pipelines) = (network, new NodeTable(), roots, pipelines);
        _folder = new MatchFolder(network.IsResident);
        Output = new PhysicalOutput(network, _nodes, this);
        Connections = new ConnectionActions(network, conntrack, this);
        _actions = new ActionExecutor(network, _nodes, Output, this) { Connections = Connections };
    }

    public RootCatalog Roots { get; }

    public PhysicalOutput Output { get; }

    /// <summary>What conntrack was asked; null if no connection is known.</summary>
    internal ConnectionActions? Connections { get; }

    /// <summary>The number of logical tables evaluated so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>The number of evaluations remembered.</summary>
    public int Remembered => _cells.Count;

    /// <summary>Doubts what a change concerns.</summary>
    public void Update(NetworkChanges changes)
    {
        _now++;
        _changes = changes;
        foreach (var input in changes.Inputs)
        {
            _cells.MarkUsersOf(input, _now);
        }

        _moved = _pipelines.Update(changes.Tables);
        foreach (var table in _moved)
        {
            _cells.MarkUsersOf(table, _now);
        }
    }

    /// <summary>The up-to-date result of an entry point.</summary>
    public Edge Result(EntryCell cell)
    {
        Refresh(cell);
        return cell.Result!;
    }

    public void Forget(EntryCell cell) => _cells.Remove(cell);

    /// <summary>Ends an update: forgets what nothing leads to any more.</summary>
    public void Sweep() => _cells.Sweep();

    /// <summary>What becomes of the packet from this table on.</summary>
    /// <remarks>
    /// A table where the first flow that is not ruled out is certain decides nothing: it is executed as a part of the evaluation that comes by.
    /// Only where there is something to decide, and where a pipeline begins, an evaluation is remembered.
    /// </remarks>
    public Edge Run(TableKey table, SymbolicState state)
    {
        var pipeline = _pipelines.Of(table.Datapath, table.Pipeline);
        var (first, passed) = (table.Table, pipeline.PassedFrom(table.Table));

        // Which tables it passes through from here is something that it depends on (ClassPipelines.Update).
        _frame?.Tables.Add(table);
        table = table with { Table = first + passed.Count };
        var result = table.Table > 0 && Certain(pipeline, table, state) is { } flow
            ? _actions.Execute(flow, table, state)
            : Ask(table, state);
        return passed.Count == 0 ? result : result with { Flows = result.Flows.Before(passed) };
    }

    // Whoever looks at flows depends on them, whatever they decide.
    private PreparedFlow[] Candidates(ClassPipeline pipeline, TableKey table, SymbolicState state)
    {
        var flows = pipeline.Table(table.Table).Flows;
        var part = flows.PartOf(state);
        _frame?.Tables.Add(table with { Part = part });
        return flows.Candidates(part, state);
    }

    // The flow that every packet in this state meets, if there is one.
    private PreparedFlow? Certain(ClassPipeline pipeline, TableKey table, SymbolicState state)
    {
        if (table.Table >= pipeline.Count)
        {
            return null;
        }

        foreach (var flow in Candidates(pipeline, table, state))
        {
            var residual = _folder.Fold(flow.Match, state);
            if (!residual.IsFalse)
            {
                return residual.IsTrue ? flow : null;
            }
        }

        return null;
    }

    /// <summary>Evaluates without remembering.</summary>
    /// <param name="evaluate">The evaluation.</param>
    /// <param name="frame">What it depends on goes there.</param>
    internal T Follow<T>(Func<T> evaluate, Frame frame)
    {
        Begin(frame);
        try
        {
            return evaluate();
        }
        finally
        {
            End(frame);
        }
    }

    private Edge Ask(TableKey table, SymbolicState state)
    {
        if (Connections is not null)
        {
            return Evaluate(new TableCell(table, state), state);
        }

        var cell = Settled(table, state);
        if (_frame is { } frame)
        {
            frame.Ask(cell);
            frame.Log.Add(cell.Reads!, state);
        }

        return cell.Result!;
    }

    private TableCell Settled(TableKey table, SymbolicState state)
    {
        // One under way is on behalf of another state, for which this one only seems to be the same.
        while (_cells.Find(table, state) is { IsUnderWay: false } known)
        {
            if (known.Trust == Trust.Good)
            {
                return known;
            }

            // It may now ask for more, and stand for this state no longer.
            Refresh(known);
            if (known.Reads!.Equals(known.State, state))
            {
                return known;
            }
        }

        var cell = new TableCell(table, state.Enter(null));
        Refresh(cell);
        return cell;
    }

    private void Refresh(Cell cell)
    {
        cell.IsUnderWay = true;
        if (cell.Trust == Trust.Good || (cell.Trust == Trust.Doubtful && !HasChanged(cell.Asked, cell.Checked)))
        {
            (cell.Trust, cell.Checked, cell.IsUnderWay) = (Trust.Good, _now, false);
            return;
        }

        var frame = Begin();
        var result = cell switch
        {
            TableCell table => Evaluate(table, table.State.Enter(frame.Log)),
            EntryCell entry => entry.Evaluate(),
            _ => throw new InvalidOperationException(),
        };
        _cells.Set(cell, new Outcome(result, _readSets.Of(frame.Log), frame.TakeAsked(), frame.TakeInputs(), frame.TakeTables()), _now);
        cell.IsUnderWay = false;
        Free(frame);
    }

    private bool HasChanged(Cell[] asked, int since)
    {
        foreach (var cell in asked)
        {
            if (cell.IsUnderWay)
            {
                return true;
            }

            Refresh(cell);
            if (cell.Changed > since)
            {
                return true;
            }
        }

        return false;
    }

    // Frames nest as evaluations do; each is told what is asked while it is the innermost.
    private Frame Begin()
    {
        var frame = _free.TryPop(out var used) ? used : new Frame();
        Begin(frame);
        return frame;
    }

    private void Begin(Frame frame)
    {
        frame.Outer = _frame;
        _frame = frame;
        _network.Reader = frame.Inputs;
    }

    private void Free(Frame frame)
    {
        End(frame);
        _free.Push(frame);
    }

    private void End(Frame frame)
    {
        _frame = frame.Outer;
        _network.Reader = _frame?.Inputs;
    }

    private Edge Evaluate(TableCell cell, SymbolicState state)
    {
        Evaluations++;
        var pipeline = _pipelines.Of(cell.Table.Datapath, cell.Table.Pipeline);
        if (cell.Table.Table >= pipeline.Count)
        {
            _frame?.Tables.Add(cell.Table);
            return Leaf.Drop(state);
        }

        var candidates = Candidates(pipeline, cell.Table, state);
        if (candidates.Length >= LargeTable && Connections is null)
        {
            return EvaluateLarge(cell, candidates, state);
        }

        cell.Outcomes = null;
        var rows = new List<Row>();
        foreach (var flow in candidates)
        {
            if (Execute(flow, cell.Table, state, rows) is { } certain)
            {
                return _nodes.Lookup(state.Class, rows, certain);
            }
        }

        // A packet that no flow of a table matches is dropped (ovn-sb(5), Logical_Flow).
        return _nodes.Lookup(state.Class, rows, Leaf.Drop(state));
    }

    private Edge EvaluateLarge(TableCell cell, PreparedFlow[] candidates, SymbolicState state)
    {
        var known = cell.Trust == Trust.Stale && cell.StaleSince != _now ? null : cell.Outcomes;
        var outcomes = new Dictionary<PreparedFlow, FlowOutcome>(candidates.Length, ReferenceEqualityComparer.Instance);
        var rows = new List<Row>(candidates.Length);
        Edge? certain = null;
        foreach (var flow in candidates)
        {
            var outcome = known is not null && known.TryGetValue(flow, out var before) && IsValid(before, cell.Checked)
                ? before
                : OutcomeOf(flow, cell.Table, state);
            outcomes.Add(flow, outcome);
            _frame!.Log.Add(outcome.Reads, state);
            _frame.Inputs.UnionWith(outcome.Inputs);
            _frame.Tables.UnionWith(outcome.Tables);
            foreach (var other in outcome.Asked)
            {
                _frame.Ask(other);
            }

            rows.AddRange(outcome.Rows);
            if (outcome.Certain is { } edge)
            {
                certain = edge;
                break;
            }
        }

        cell.Outcomes = outcomes;
        return _nodes.Lookup(state.Class, PuntCover.Shorten(rows, Reasons.Crowd, state.Class), certain ?? Leaf.Drop(state));
    }

    private bool IsValid(FlowOutcome outcome, int since)
    {
        foreach (var input in outcome.Inputs)
        {
            if (_changes.Inputs.Contains(input))
            {
                return false;
            }
        }

        foreach (var table in outcome.Tables)
        {
            if (_moved.Contains(table))
            {
                return false;
            }
        }

        return !HasChanged(outcome.Asked, since);
    }

    private FlowOutcome OutcomeOf(PreparedFlow flow, TableKey table, SymbolicState state)
    {
        var frame = Begin();
        var rows = new List<Row>();
        var certain = Execute(flow, table, state.Enter(frame.Log), rows);
        var outcome = new FlowOutcome([.. rows], certain, _readSets.Of(frame.Log), frame.TakeAsked(), frame.TakeInputs(), frame.TakeTables());
        Free(frame);
        return outcome;
    }

    /// <returns>The edge if all packets take it that reach this flow; else null, with rows for those that do.</returns>
    private Edge? Execute(PreparedFlow flow, TableKey table, SymbolicState state, List<Row> rows)
    {
        var residual = _folder.Fold(flow.Match, state);
        if (residual.IsTrue)
        {
            return _actions.Execute(flow, table, state);
        }

        Edge? common = null;
        foreach (var (cube, untested) in residual.Alternatives)
        {
            if (untested is not null)
            {
                rows.Add(new Row(cube, Leaf.Untestable(untested, flow.Text.Match, flow.Uuid)));
            }
            else if (Refined(state, cube, flow) is { } refined)
            {
                rows.Add(new Row(cube, _actions.Execute(flow, table, refined)));
            }
            else
            {
                common ??= _actions.Execute(flow, table, state);
                rows.Add(new Row(cube, common));
            }
        }

        return null;
    }

    private static bool Answers(PreparedFlow flow, PacketClass packetClass) =>
        packetClass.IsArp() ? flow.Actions is [ActionNode.Move { Destination.Field.Name: "eth.dst" }, ..]
        : Turn.Echo.At(flow.Actions, 0, packetClass) is not null || flow.Actions is [ActionNode.Nested { Kind: ActionKind.Clone }];

    // An answer comes from the address that was asked; and who goes through the pipelines again is asked for it again.
    private static SymbolicState? Refined(SymbolicState state, Cube cube, PreparedFlow flow) =>
        cube.TermOn(KeyField.EthDestination) is { } term && term.Mask == Bits.Ones(48)
            ? state.With(KnownFields.EthDestination, Bits.Constant(48, term.Value))
            : cube.TermOn(KeyField.Destination) is { } asked && asked.Mask == Bits.Ones(state.Class.AddressWidth()) && Answers(flow, state.Class)
            ? state.With(KnownFields.Destination(state.Class), Bits.Constant(state.Class.AddressWidth(), asked.Value))
            : null;
}
