using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Passes;

/// <summary>Ethernet sources that are asked for where no stage can, such as OVN's service monitor behind a route: they are punted before everything else.</summary>
/// <remarks>To punt more is sound (invariant I2). What is left never asks for them again.</remarks>
internal sealed class SourceGuard(NodeTable nodes)
{
    // Each is an entry at each entry point.
    private const int Limit = 64;

    private static readonly IReadOnlySet<Term> s_none = new HashSet<Term>();

    private readonly Dictionary<Node, IReadOnlySet<Term>> _tested = [], _mixed = [];
    private readonly Dictionary<(Node Node, EquatableArray<Term> Sources), Edge> _without = [];

    /// <summary>Those that a lookup asks for together with other fields.</summary>
    public IReadOnlySet<Term> Mixed(Node node) => Collect(node, _mixed, static node => node.Traits.Shape == Shape.Mixed);

    /// <summary>Those that a lookup behind this one asks for.</summary>
    public IReadOnlySet<Term> Late(Node root)
    {
        var late = new HashSet<Term>();
        foreach (var edge in root.Edges)
        {
            if (edge.Target is Target.Go(var node))
            {
                late.UnionWith(Collect(node, _tested, static _ => true));
            }
        }

        return late;
    }

    /// <summary>The rows that punt them; none if there are too many.</summary>
    /// <param name="sources">The addresses.</param>
    /// <param name="monitor">That of OVN's service monitor, whose probes and their answers ovn-controller makes and takes.</param>
    public static List<Row> Punts(IEnumerable<Term> sources, MacAddress? monitor)
    {
        List<Term> ordered = [.. sources.OrderBy(term => term.Value).ThenBy(term => term.Mask)];
        return ordered.Count > Limit ? []
            : [.. ordered.Select(term => Cube.Of(term.Field, term.Value, term.Mask)).Select(cube => new Row(cube, cube.Terms[0].Value == monitor?.Value && cube.Terms[0].Mask == Symbolic.Bits.Ones(48)
                ? Leaf.Punt(Reasons.About(Reasons.Generated, "the service monitor"), cube.ToString()) : Leaf.Untestable("Ethernet and IP fields at once", cube.ToString())))];
    }

    /// <summary>What is left of the lookup when packets from these sources are gone.</summary>
    public Edge Without(Node node, EquatableArray<Term> sources)
    {
        if ((node.Traits.Asked & FieldSet.EthSource) == FieldSet.None)
        {
            return new Edge(Edits.None, new Target.Go(node), FlowTrail.Empty);
        }

        if (!_without.TryGetValue((node, sources), out var result))
        {
            var rows = node.Rows.Where(row => row.Cube.TermOn(KeyField.EthSource) is not { } term || !sources.Contains(term));
            result = node.IsChoice ? nodes.Choice(node, edge => Without(edge, sources))
                : nodes.Lookup(node.Class, [.. rows.Select(row => row with { Edge = Without(row.Edge, sources) })], Without(node.Default, sources));
            _without.Add((node, sources), result);
        }

        return result;
    }

    private Edge Without(Edge edge, EquatableArray<Term> sources) => edge.Target is Target.Go(var node) ? edge.With(Without(node, sources)) : edge;

    private static IReadOnlySet<Term> Collect(Node node, Dictionary<Node, IReadOnlySet<Term>> memo, Func<Node, bool> counts)
    {
        if ((node.Traits.Asked & FieldSet.EthSource) == FieldSet.None)
        {
            return s_none;
        }

        if (!memo.TryGetValue(node, out var known))
        {
            var found = new HashSet<Term>();
            if (counts(node))
            {
                found.UnionWith(node.Rows.Select(row => row.Cube.TermOn(KeyField.EthSource)).OfType<Term>());
            }

            foreach (var edge in node.Edges)
            {
                if (edge.Target is Target.Go(var next))
                {
                    found.UnionWith(Collect(next, memo, counts));
                }
            }

            memo.Add(node, known = found);
        }

        return known;
    }
}
