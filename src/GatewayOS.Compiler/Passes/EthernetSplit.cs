using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;

namespace GatewayOS.Compiler.Passes;

/// <summary>
/// Asks for the Ethernet addresses of ARP requests before everything else: routers ask for them after the switch has found out for whom the request is (admission,
/// lookup_arp), and then for whom it is once more, where no stage is left.
/// </summary>
/// <remarks>There are few of them (ActionExecutor has a limit), and routers of one network mostly know the same neighbours, so what is behind them is shared.</remarks>
/// <param name="nodes">Where lookups are made.</param>
/// <param name="ethernet">The address that is asked for.</param>
/// <param name="address">The protocol address that is asked for together with it, if any.</param>
internal sealed class EthernetSplit(NodeTable nodes, KeyField ethernet, KeyField? address)
{
    // Each is an entry at each entry point.
    private const int Limit = 64;

    private readonly FieldSet _field = (FieldSet)(1 << (int)ethernet);
    private readonly Dictionary<(Node Node, Cube? Known), Edge?> _memo = [];

    /// <summary>The addresses that are asked for, each with what is behind it, and what is behind all others; null if there are none, or too many.</summary>
    public (List<Row> Known, Edge Others)? Of(Node root)
    {
        var parts = new HashSet<Cube>();
        Collect(root, parts, []);
        if (parts.Count is 0 or > Limit || Behind(root, null) is not { } others)
        {
            return null;
        }

        // The narrower first, so that behind a wider one they are gone.
        var rows = new List<Row>(parts.Count);
        foreach (var part in parts.OrderByDescending(cube => cube.Terms.Sum(term => (int)UInt128.PopCount(term.Mask))).ThenBy(cube => cube.Terms[0].Value).ThenBy(cube => cube.Terms[^1].Value))
        {
            if (Behind(root, part) is not { } behind)
            {
                return null;
            }

            // One within a wider one stays, or the wider one would have its packets.
            if (!Same(behind, others) || parts.Any(wider => !wider.Equals(part) && wider.Contains(part)))
            {
                rows.Add(new Row(part, address is { } field && part.TermOn(field) is null && Learning(behind) is { } learning ? learning : behind));
            }
        }

        return (rows, others);
    }

    // Whoever is told by the Ethernet address alone is a router: of its requests software learns unless it is known by both addresses, and each router would
    // have all that is behind it to itself. To punt more is sound (invariant I2).
    private static Edge? Learning(Edge edge) => edge.Target switch
    {
        Target.Punt(var cause) when Reasons.IsInherent(Reasons.Plain(cause.Reason)) => edge with { Edits = Edits.None },
        Target.Go(var node) => node.Edges.Select(Learning).FirstOrDefault(found => found is not null),
        Target.Turn(_, var behind) => Learning(behind),
        _ => null,
    };

    private Cube? PartOf(Cube cube) =>
        cube.TermOn(ethernet) is not { } one ? null
        : address is { } field && cube.TermOn(field) is { } other ? Cube.Of(one.Field, one.Value, one.Mask).Intersect(Cube.Of(other.Field, other.Value, other.Mask))
        : Cube.Of(one.Field, one.Value, one.Mask);

    private void Collect(Node node, HashSet<Cube> parts, HashSet<Node> seen)
    {
        if ((node.Traits.Asked & _field) == FieldSet.None || !seen.Add(node))
        {
            return;
        }

        parts.UnionWith(node.Rows.Select(row => PartOf(row.Cube)).OfType<Cube>());
        foreach (var edge in node.Edges)
        {
            if (edge.Target is Target.Go(var next))
            {
                Collect(next, parts, seen);
            }
        }
    }

    // What is left of the lookup for packets with an address, or with none of those that are asked for; null where they cannot be told apart.
    private Edge? Behind(Node node, Cube? known)
    {
        if ((node.Traits.Asked & _field) == FieldSet.None)
        {
            return new Edge(Edits.None, new Target.Go(node), FlowTrail.Empty);
        }

        if (!_memo.TryGetValue((node, known), out var result))
        {
            result = node.IsChoice ? null : Lookup(node, known);
            _memo.Add((node, known), result);
        }

        return result;
    }

    private Edge? Lookup(Node node, Cube? known)
    {
        var rows = new List<Row>(node.Rows.Count);
        foreach (var (cube, edge) in node.Rows)
        {
            var own = PartOf(cube);
            if (own is not null && (known is null || !own.Contains(known)))
            {
                if (known is not null && own.Overlaps(known) && !known.Contains(own))
                {
                    return null;
                }

                continue;
            }

            if (Behind(edge, known) is not { } behind)
            {
                return null;
            }

            rows.Add(new Row(own is null ? cube : Without(cube), behind));
        }

        return Behind(node.Default, known) is { } others ? nodes.Lookup(node.Class, rows, others) : null;
    }

    // Whether they do the same, whatever the flows behind it.
    private static bool Same(Edge left, Edge right) => left.Edits == right.Edits
        && (left.Target, right.Target) switch
        {
            (Target.Go(var one), Target.Go(var other)) => Same(one, other),
            (Target.Turn(var one, var behind), Target.Turn(var other, var beyond)) => one == other && Same(behind, beyond),
            var (one, other) => one == other,
        };

    private static bool Same(Node left, Node right) => ReferenceEquals(left, right)
        || (!left.IsChoice && !right.IsChoice && left.Rows.Count == right.Rows.Count && Same(left.Default, right.Default)
            && left.Rows.Zip(right.Rows).All(pair => pair.First.Cube.Equals(pair.Second.Cube) && Same(pair.First.Edge, pair.Second.Edge)));

    private Cube Without(Cube cube) => address is { } field ? cube.Without(ethernet).Without(field) : cube.Without(ethernet);

    private Edge? Behind(Edge edge, Cube? known) => edge.Target is not Target.Go(var node) ? edge : Behind(node, known) is { } behind ? edge.With(behind) : null;
}
