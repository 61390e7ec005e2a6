using System.Collections.Immutable;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>
/// Partial evaluation: runs a logical pipeline on a packet of which only some facts are known. Flows that the facts rule
/// out vanish, a flow that is certain is executed at once, and what remains is a lookup.
/// </summary>
/// <remarks>
/// Results are remembered by position and live facts, so that paths which come together share what follows. After a branch only
/// the Ethernet destination is kept as a fact: without it the next switch would not fold, with addresses too states
/// would multiply.
/// </remarks>
public sealed class Evaluator
{
    private readonly ClassPipelines _pipelines;
    private readonly NodeTable _nodes;
    private readonly MatchFolder _folder;
    private readonly Liveness _liveness;
    private readonly ActionExecutor _actions;
    private readonly Dictionary<(Position, SymbolicState), Edge> _memo = [];

    public Evaluator(LogicalNetwork network, DeviceView device, RootCatalog roots, NodeTable nodes)
    {
        (_pipelines, _nodes) = (new ClassPipelines(network, roots.Class), nodes);
        _folder = new MatchFolder(network.IsResident, network.Classes);
        _liveness = new Liveness(_pipelines, roots, KnownFields.Loopback);
        _actions = new ActionExecutor(network, nodes, new PhysicalOutput(network, device, nodes, this), this);
    }

    /// <summary>The number of logical tables evaluated so far.</summary>
    public int Evaluations { get; private set; }

    /// <summary>What becomes of the packet from this table on.</summary>
    public Edge Run(Position position, SymbolicState state)
    {
        var tables = _pipelines.Of(position.Datapath, position.Pipeline);
        var first = position.Table;
        while (position.Table < tables.Length && tables[position.Table].PassThrough is not null)
        {
            position = position with { Table = position.Table + 1 };
        }

        state = _liveness.Project(position, state);
        if (!_memo.TryGetValue((position, state), out var result))
        {
            result = Evaluate(tables, position, state);
            _memo.Add((position, state), result);
        }

        var flows = result.Flows;
        for (var table = position.Table - 1; table >= first; table--)
        {
            flows = flows.Before(tables[table].PassThrough!.Value);
        }

        return position.Table == first ? result : result with { Flows = flows };
    }

    private Edge Evaluate(ImmutableArray<ClassTable> tables, Position position, SymbolicState state)
    {
        Evaluations++;
        var rows = new List<Row>();
        if (position.Table < tables.Length)
        {
            foreach (var flow in tables[position.Table].Flows.Candidates(state.Logical.In, state.Logical.Out))
            {
                var residual = _folder.Fold(flow.Match, state);
                if (residual.IsTrue)
                {
                    return _nodes.Lookup(state.Class, rows, _actions.Execute(flow, position, state));
                }

                AddRows(rows, flow, residual, position, state);
            }
        }

        // A packet that no flow of a table matches is dropped (ovn-sb(5), Logical_Flow).
        return _nodes.Lookup(state.Class, rows, Leaf.Drop(state));
    }

    private void AddRows(List<Row> rows, PreparedFlow flow, Residual residual, Position position, SymbolicState state)
    {
        Edge? common = null;
        foreach (var (cube, exact) in residual.Alternatives)
        {
            if (!exact)
            {
                rows.Add(new Row(cube, Leaf.Punt(Reasons.Untestable, flow.Match.ToString(), flow.Uuid)));
            }
            else if (Refined(state, cube) is { } refined)
            {
                rows.Add(new Row(cube, _actions.Execute(flow, position, refined)));
            }
            else
            {
                common ??= _actions.Execute(flow, position, state);
                rows.Add(new Row(cube, common));
            }
        }
    }

    private static SymbolicState? Refined(SymbolicState state, Cube cube) =>
        cube.TermOn(KeyField.EthDestination) is { } term && term.Mask == Bits.Ones(48)
            ? state.With(KnownFields.EthDestination, Bits.Constant(48, term.Value))
            : null;
}
