using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Passes;

/// <summary>
/// Makes the automaton shallow: lookups on the same fields become one, and lookups that stand in the wrong order for
/// the stages change places.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A default edge to a lookup of the same shape: its rows are appended, if not too many.</item>
/// <item>Any other edge to a small lookup of the same shape: its rows are intersected with the row.</item>
/// <item>A test of IP fields whose default goes on to a test of Ethernet addresses: the addresses are asked first, each
/// then with the IP test. (Both are functions of the packet alone, so the order does not matter to the result.)</item>
/// <item>Ethernet and IP fields in one lookup: split by Ethernet destination.</item>
/// <item>Behind a row with an IP destination: what asks for it again vanishes (<see cref="Narrower"/>).</item>
/// <item>Ethernet addresses of ARP requests: asked for before everything else (<see cref="EthernetSplit"/>).</item>
/// <item>Ethernet sources that are asked for too late: punted before everything else (<see cref="SourceGuard"/>).</item>
/// </list>
/// </remarks>
public sealed class Composer(NodeTable nodes)
{
    private const int AppendLimit = 512;
    private const int InlineLimit = 16;
    private const int SwapLimit = 64;

    private readonly Dictionary<Node, Edge> _memo = [];

    /// <summary>The address that OVN's service monitor sends from (northd's address set svc_monitor_mac), if there is one.</summary>
    public MacAddress? ServiceMonitor { get; set; }

    private readonly Narrower _narrower = new(nodes);
    private readonly SourceGuard _sources = new(nodes);
    private readonly EthernetSplit _senders = new(nodes, KeyField.EthSource, KeyField.Source), _addressees = new(nodes, KeyField.EthDestination, null);

    public Edge Compose(Edge edge)
    {
        if (edge.Target is not Target.Go(var root))
        {
            return ComposeBehind(edge);
        }

        if (root.Class.IsArp() && edge.Edits.IsNone)
        {
            return Split(_senders, edge, known => Split(_addressees, known, ComposeBehind));
        }

        var composed = Compose(root);
        var sources = _sources.Mixed(root).Union(composed.Target is Target.Go(var node) ? _sources.Late(node) : []);
        if (SourceGuard.Punts(sources, ServiceMonitor) is not { Count: > 0 } punts)
        {
            return edge.With(composed);
        }

        // Nothing comes before the guard, edits neither.
        var others = ComposeBehind(_sources.Without(root, [.. punts.Select(punt => punt.Cube.Terms[0])]));
        return edge.Edits.IsNone ? edge.With(Build(root.Class, punts, others)) : Build(root.Class, punts, edge.With(others));
    }

    private Edge Split(EthernetSplit split, Edge edge, Func<Edge, Edge> behind) =>
        edge.Target is Target.Go(var node) && split.Of(node) is var (rows, others)
            ? edge.With(nodes.Lookup(node.Class, [.. rows.Select(row => new Row(row.Cube, behind(row.Edge)))], behind(others)))
            : behind(edge);

    private Edge ComposeBehind(Edge edge) => edge.Target switch
    {
        Target.Go(var node) => edge.With(Compose(node)),
        Target.Turn(var kind, var behind) => edge with { Target = new Target.Turn(kind, ComposeBehind(behind)) },
        _ => edge,
    };

    private Edge Compose(Node node)
    {
        if (!_memo.TryGetValue(node, out var result))
        {
            result = node.IsChoice ? nodes.Choice(node, ComposeBehind) : Build(node.Class, [.. _narrower.Rows(node).Select(row => new Row(row.Cube, ComposeBehind(row.Edge)))], ComposeBehind(node.Default));
            _memo.Add(node, result);
        }

        return result;
    }

    // The edges are composed already.
    private Edge Build(PacketClass packetClass, List<Row> rows, Edge fallback)
    {
        var shape = Shapes.Of(rows, packetClass);
        if (shape == Shape.Mixed)
        {
            return Split(packetClass, rows, fallback);
        }

        rows = Inline(packetClass, rows, shape);
        while (fallback.Target is Target.Go(var next) && Merges(rows, shape, next) && rows.Count + next.Rows.Count <= AppendLimit)
        {
            rows.AddRange(next.Rows.Select(row => new Row(row.Cube, fallback.With(row.Edge))));
            fallback = fallback.With(next.Default);
        }

        if (Shapes.Of(rows, packetClass) == Shape.Ternary && fallback.Target is Target.Go(var later)
            && ShapeOf(later) is Shape.EthernetDestination or Shape.Guard && (long)rows.Count * later.Rows.Count <= SwapLimit)
        {
            return Swap(packetClass, rows, fallback, later);
        }

        return nodes.Lookup(packetClass, rows, fallback);
    }

    private static Shape ShapeOf(Node node) => node.Traits.Shape;

    // Of ARP requests little is asked, but late: whom they are for, by whom, and for whom once more. The routes could not answer.
    private static bool Merges(List<Row> rows, Shape shape, Node next) => ShapeOf(next) == shape
        || (next.Class.IsArp() && rows.Count <= SwapLimit && (shape, ShapeOf(next)) is (Shape.Destination, Shape.Ternary) or (Shape.Ternary, Shape.Destination));

    private static List<Row> Inline(PacketClass packetClass, List<Row> rows, Shape shape)
    {
        var result = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            if (row.Edge.Target is not Target.Go(var child) || child.Class != packetClass || child.Rows.Count > InlineLimit || !Merges(rows, shape, child))
            {
                result.Add(row);
                continue;
            }

            foreach (var inner in child.Rows)
            {
                if (row.Cube.Intersect(inner.Cube) is { } both)
                {
                    result.Add(new Row(both, row.Edge.With(inner.Edge)));
                }
            }

            result.Add(new Row(row.Cube, row.Edge.With(child.Default)));
        }

        return result;
    }

    private Edge Swap(PacketClass packetClass, List<Row> rows, Edge fallback, Node later)
    {
        var memo = new Dictionary<Edge, Edge>();
        return Build(packetClass, [.. later.Rows.Select(row => new Row(row.Cube, Below(row.Edge)))], Below(later.Default));

        Edge Below(Edge edge)
        {
            if (!memo.TryGetValue(edge, out var result))
            {
                // Other rows may go on to the same addresses as the default: they, too, are past them now.
                result = Build(
                    packetClass,
                    [.. rows.Select(row => row.Edge is { Target: Target.Go(var next) } && ReferenceEquals(next, later) && KeepsAddresses(row.Edge.Edits) ? new Row(row.Cube, row.Edge.With(edge)) : row)],
                    fallback.With(edge));
                memo.Add(edge, result);
            }

            return result;
        }
    }

    // A packet that is marked or counted is asked for the same addresses.
    private static bool KeepsAddresses(Edits edits) => edits is { EthSource: null, EthDestination: null, Source: null, Destination: null };

    private Edge Split(PacketClass packetClass, List<Row> rows, Edge fallback)
    {
        rows = [.. rows.Select(Widen)];
        var addresses = rows.Select(row => row.Cube.TermOn(KeyField.EthDestination)).OfType<Term>().Distinct().ToList();
        if (addresses.Count == 0)
        {
            return Build(packetClass, rows, fallback);
        }

        var result = new List<Row>(addresses.Count);
        foreach (var address in addresses)
        {
            var own = rows
                .Where(row => row.Cube.TermOn(KeyField.EthDestination) is not { } term || term == address)
                .Select(row => row with { Cube = row.Cube.Without(KeyField.EthDestination) });
            result.Add(new Row(Cube.Of(address.Field, address.Value, address.Mask), Build(packetClass, [.. own], fallback)));
        }

        var others = rows.Where(row => row.Cube.TermOn(KeyField.EthDestination) is null);
        return Build(packetClass, result, Build(packetClass, [.. others], fallback));
    }

    // What cannot be tested beside IP fields is left out of the test, and the packets are punted (invariant I2).
    private static Row Widen(Row row)
    {
        var partial = row.Cube.TermOn(KeyField.EthDestination) is { } term && term.Mask != Symbolic.Bits.Ones(48);
        if (!partial && row.Cube.TermOn(KeyField.EthSource) is null)
        {
            return row;
        }

        var cube = row.Cube.Without(KeyField.EthSource);
        cube = partial ? cube.Without(KeyField.EthDestination) : cube;
        return new Row(cube, row.Edge.Target is Target.Punt ? row.Edge : Leaf.Untestable("Ethernet and IP fields at once", row.Cube.ToString()));
    }
}
