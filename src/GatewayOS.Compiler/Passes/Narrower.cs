using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Passes;

/// <summary>Behind a row that knows the IP destination, takes out the tests of the destination that it has decided.</summary>
/// <remarks>
/// Evaluation forgets addresses after a branch, because with them states multiply. Here a lookup becomes another one only if it asks nothing about
/// the destination any more, so that there are as many as it has answers; and only if that makes the path shorter, and rows that go on to the same lookup still do.
/// </remarks>
internal sealed class Narrower(NodeTable nodes)
{
    private readonly Dictionary<(Node Node, Term Known), Edge> _memo = [];

    /// <summary>The rows of a lookup, with what is left to ask behind each.</summary>
    public IEnumerable<Row> Rows(Node node)
    {
        // What the rows that go on to a lookup would do instead; null if they disagree.
        var instead = new Dictionary<Node, (Edits, Target)?>();
        foreach (var row in node.Rows)
        {
            if (row.Edge.Target is Target.Go(var next))
            {
                (Edits, Target)? own = Behind(row, next) is { } edge ? (edge.Edits, edge.Target) : null;
                instead[next] = instead.TryGetValue(next, out var others) && others != own ? null : own;
            }
        }

        if (node.Default.Target is Target.Go(var shared))
        {
            instead[shared] = null;
        }

        return node.Rows.Select(row => row.Edge.Target is Target.Go(var next) && instead[next] is not null ? row with { Edge = row.Edge.With(Behind(row, next)!) } : row);
    }

    private Edge? Behind(Row row, Node next) =>
        row.Cube.TermOn(KeyField.Destination) is { } known && (next.Traits.Asked & FieldSet.Destination) != FieldSet.None
        && Narrow(next, known) is var edge && NodeTraits.DepthOf(edge) < next.Traits.Depth
            ? edge
            : null;

    private Edge Narrow(Edge edge, Term known) =>
        edge.Target is Target.Go(var node) && (node.Traits.Asked & FieldSet.Destination) != FieldSet.None ? edge.With(Narrow(node, known)) : edge;

    private Edge Narrow(Node node, Term known)
    {
        if (!_memo.TryGetValue((node, known), out var result))
        {
            result = node.IsChoice ? nodes.Choice(node, edge => Narrow(edge, known))
                : Decided(node, known) is { } rows
                ? nodes.Lookup(node.Class, rows, Narrow(node.Default, known))
                : new Edge(Edits.None, new Target.Go(node), FlowTrail.Empty);
            _memo.Add((node, known), result);
        }

        return result;
    }

    /// <summary>The rows without tests of the destination, or null if one of them is still open.</summary>
    private List<Row>? Decided(Node node, Term known)
    {
        var rows = new List<Row>(node.Rows.Count);
        foreach (var row in node.Rows)
        {
            if (row.Cube.TermOn(KeyField.Destination) is not { } term)
            {
                rows.Add(row with { Edge = Narrow(row.Edge, known) });
            }
            else if (((term.Value ^ known.Value) & term.Mask & known.Mask) != 0)
            {
                continue;
            }
            else if ((term.Mask & known.Mask) == term.Mask)
            {
                rows.Add(new Row(row.Cube.Without(KeyField.Destination), Narrow(row.Edge, known)));
            }
            else
            {
                return null;
            }
        }

        return rows;
    }
}
