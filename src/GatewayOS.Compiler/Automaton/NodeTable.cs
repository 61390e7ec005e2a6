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

        var node = new Node(packetClass, kept.ToEquatableArray(), fallback);
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
