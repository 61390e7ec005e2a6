using System.Diagnostics.CodeAnalysis;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>Makes nodes, each content once.</summary>
public sealed class NodeTable
{
    private readonly HashSet<Node> _nodes = new(new ByContent());

    /// <summary>The number of nodes made so far.</summary>
    public int Count => _nodes.Count;

    /// <summary>The edge that stands for a lookup of these rows: to a node, or the default itself when nothing is left to decide.</summary>
    /// <remarks>Rows that cannot match, or that do what would happen anyway, are pruned.</remarks>
    public Edge Lookup(PacketClass packetClass, IReadOnlyList<Row> rows, Edge fallback)
    {
        var kept = RowPruning.Prune(rows, ref fallback);
        if (kept.Count == 0)
        {
            return fallback;
        }

        return Unique(new Node(packetClass, kept.ToEquatableArray(), fallback));
    }

    /// <summary>The edge that stands for a choice among these by the flow of a packet, each with its weight.</summary>
    public Edge Choice(PacketClass packetClass, IReadOnlyList<(Edge Edge, int Weight)> members)
    {
        var distinct = new List<(Edge Edge, int Weight)>();
        foreach (var (edge, weight) in members)
        {
            var same = distinct.FindIndex(other => other.Edge.Equals(edge));
            if (same < 0)
            {
                distinct.Add((edge, weight));
            }
            else
            {
                distinct[same] = (edge, distinct[same].Weight + weight);
            }
        }

        return distinct is [var only] ? only.Edge : Unique(new Node(
            packetClass, [.. distinct.SkipLast(1).Select(member => new Row(Cube.Any, member.Edge))], distinct[^1].Edge, [.. distinct.Select(member => member.Weight)]));
    }

    /// <summary>The choice with other edges behind it.</summary>
    public Edge Choice(Node choice, Func<Edge, Edge> behind) => Choice(choice.Class, [.. choice.Edges.Select(behind).Zip(choice.Weights)]);

    private Edge Unique(Node node)
    {
        if (_nodes.TryGetValue(node, out var same))
        {
            node = same;
        }
        else
        {
            _nodes.Add(node);
        }

        return new Edge(Edits.None, new Target.Go(node), FlowTrail.Empty);
    }

    private sealed class ByContent : IEqualityComparer<Node>
    {
        public bool Equals(Node? x, Node? y) => ReferenceEquals(x, y) || (x is not null && y is not null && x.SameContent(y));

        public int GetHashCode([DisallowNull] Node obj) => obj.ContentHash;
    }
}
