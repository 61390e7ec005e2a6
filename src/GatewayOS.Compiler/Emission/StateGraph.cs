using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Emission;

/// <summary>The automaton placed on stages, kept from compilation to compilation: what entry points lead to, each content once.</summary>
internal sealed class StateGraph(OutputEmitter outputs)
{
    private readonly Dictionary<(Node Node, Stage Stage), State> _byNode = new(ByIdentity.Instance);
    private readonly Dictionary<UInt128, State> _byContent = [];
    private readonly List<State> _unused = [];
    private List<State> _born = [];

    /// <summary>The number of states.</summary>
    public int Count => _byContent.Count;

    /// <summary>Whether the edge leads to its lookup without a state that does its edits first.</summary>
    public static bool EntersDirectly(Edge edge) => edge is { Edits.IsNone: true, Target: Target.Go };

    /// <summary>The state to enter by so that the edge is taken, with one user more; null when no stage can do it.</summary>
    public State? Enter(Edge edge, PacketClass packetClass)
    {
        var state = !EntersDirectly(edge) ? Intern(null, Stage.First, packetClass, [], edge)
            : Stage.For(((Target.Go)edge.Target).Node, 0) is { } stage ? Place(((Target.Go)edge.Target).Node, stage)
            : null;
        if (state is not null)
        {
            state.Users++;
        }

        return state;
    }

    /// <summary>One user less.</summary>
    public void Leave(State state)
    {
        if (--state.Users == 0)
        {
            _unused.Add(state);
        }
    }

    /// <summary>The state that the lookup is on that stage.</summary>
    public State? Find(Node node, Stage stage) => _byNode.GetValueOrDefault((node, stage));

    /// <summary>Ends the changes.</summary>
    /// <returns>The states that are new, what is pointed at before what points at it, and those that are gone, the other way round.</returns>
    public (IReadOnlyList<State> Born, IReadOnlyList<State> Gone) Settle()
    {
        var gone = new List<State>();
        while (_unused.Count > 0)
        {
            var state = _unused[^1];
            _unused.RemoveAt(_unused.Count - 1);
            if (state.Users > 0 || state.IsGone)
            {
                continue;
            }

            state.IsGone = true;
            gone.Add(state);
            _byContent.Remove(state.Content);
            foreach (var node in state.Nodes)
            {
                _byNode.Remove((node, state.Stage));
            }

            foreach (var step in state.Steps)
            {
                if (step.Next is { } next)
                {
                    Leave(next);
                }
            }
        }

        var born = _born;
        _born = [];
        return ([.. born.Where(state => !state.IsGone)], gone);
    }

    private State Place(Node node, Stage stage) => Find(node, stage) ?? Intern(node, stage, node.Class, node.Rows, node.Default, node.Weights);

    private State Intern(Node? node, Stage stage, PacketClass packetClass, EquatableArray<Row> rows, Edge fallback, EquatableArray<int> weights = default)
    {
        var steps = new Step[rows.Count + 1];
        for (var i = 0; i <= rows.Count; i++)
        {
            steps[i] = StepOf(i < rows.Count ? rows[i].Edge : fallback, stage, packetClass);
        }

        var content = StateContent.Of(stage, packetClass, rows, fallback, weights, steps, outputs);
        if (!_byContent.TryGetValue(content, out var state))
        {
            state = new State(stage, packetClass, rows, fallback, weights, steps, content);
            foreach (var step in steps)
            {
                if (step.Next is { } next)
                {
                    next.Users++;
                }
            }

            _byContent.Add(content, state);
            _born.Add(state);
            _unused.Add(state);
        }

        if (node is not null)
        {
            state.Nodes.Add(node);
            _byNode.Add((node, stage), state);
        }

        return state;
    }

    private Step StepOf(Edge edge, Stage stage, PacketClass packetClass)
    {
        switch (edge.Target)
        {
            case Target.Go or Target.Forward or Target.Track when edge.Edits.RewritesAddresses:
                return Rewrite(edge, stage, packetClass);
            case Target.Turn turn:
                return Turn(edge, turn, stage, packetClass);
            case Target.Drop:
                return default;
            case Target.Punt(var cause):
                return new Step(null, null, cause, null);
            case Target.Track(var place):
                return new Step(null, null, place.Cause, place);
            case Target.Forward(var output):
                return new Step(null, output, null, null);
            case Target.Go(var node):
                return Stage.For(node, stage.Order + 1) is { } later
                    ? new Step(Place(node, later), null, null, null)
                    : new Step(null, null, Unplaceable(node, stage), null);
            default:
                throw new UnreachableException();
        }
    }

    // An address is rewritten by a row that does nothing else (go_src4 ...), so the rest of the edge takes a state of its own. Some stages have
    // no such action: they leave all of it to the next.
    private Step Rewrite(Edge edge, Stage stage, PacketClass packetClass)
    {
        var (address, rest) = stage.RewritesAddresses ? edge.Edits.FirstAddress() : (null, edge.Edits);
        var behind = new Edge(rest, edge.Target, FlowTrail.Empty);
        if (rest.IsNone && behind.Target is Target.Go(var node))
        {
            return StepOf(behind, stage, packetClass) with { Address = address };
        }

        return Defer(behind, stage, packetClass, later => later.RewritesAddresses || !rest.RewritesAddresses, "an address to rewrite") with { Address = address };
    }

    // A row turns the packet and does nothing else.
    private Step Turn(Edge edge, Target.Turn turn, Stage stage, PacketClass packetClass)
    {
        if (!stage.Turns(turn.Kind))
        {
            return Defer(edge, stage, packetClass, later => later.Turns(turn.Kind), "fields that change places");
        }

        var behind = new Edge(turn.Kind.Behind(edge.Edits).Then(turn.Behind.Edits), turn.Behind.Target, FlowTrail.Empty);
        var step = EntersDirectly(behind) ? StepOf(behind, stage, packetClass) : Defer(behind, stage, packetClass, _ => true, "what is left to do");
        return step with { Turn = turn.Kind };
    }

    // The rest of an edge takes a state of its own.
    private Step Defer(Edge rest, Stage stage, PacketClass packetClass, Predicate<Stage> fits, string what) =>
        Array.Find(Stage.All, later => later.Order > stage.Order && later.Passes && fits(later)) is { } next
            ? new Step(Intern(null, next, packetClass, [], rest), null, null, null) { Defers = true }
            : new Step(null, null, new PuntCause(Reasons.Unplaceable, $"{what} behind {stage.Table(packetClass)}", null), null);

    private static PuntCause Unplaceable(Node node, Stage stage) =>
        new(Reasons.Unplaceable, $"{node.Rows.Count} rows such as {node.Rows[0].Cube} behind {stage.Table(node.Class)}", null);

    private sealed class ByIdentity : IEqualityComparer<(Node Node, Stage Stage)>
    {
        public static readonly ByIdentity Instance = new();

        public bool Equals((Node Node, Stage Stage) x, (Node Node, Stage Stage) y) => ReferenceEquals(x.Node, y.Node) && ReferenceEquals(x.Stage, y.Stage);

        public int GetHashCode([DisallowNull] (Node Node, Stage Stage) obj) =>
            (RuntimeHelpers.GetHashCode(obj.Node) * 31) + obj.Stage.Order;
    }
}
