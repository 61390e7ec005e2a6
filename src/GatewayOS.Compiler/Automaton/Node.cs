using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>A lookup, which becomes a state of the pipeline: the first row that matches, else the default. Or a choice, of one of them by the flow.</summary>
/// <remarks>Equal nodes are the same object (<see cref="NodeTable"/>), so that comparing a target compares all that follows.</remarks>
public sealed class Node
{
    private readonly int _hash;

    internal Node(PacketClass packetClass, EquatableArray<Row> rows, Edge fallback, EquatableArray<int> weights = default)
    {
        (Class, Rows, Default, Weights) = (packetClass, rows, fallback, weights);
        _hash = HashCode.Combine(packetClass, rows, fallback, weights);
    }

    public PacketClass Class { get; }

    public EquatableArray<Row> Rows { get; }

    public Edge Default { get; }

    /// <summary>Of each edge of a choice, in the order of <see cref="Edges"/>; empty for a lookup.</summary>
    public EquatableArray<int> Weights { get; }

    public bool IsChoice => Weights.Count > 0;

    public IEnumerable<Edge> Edges => Rows.Select(row => row.Edge).Append(Default);

    /// <summary>What it needs of a stage; found out when first asked for.</summary>
    public NodeTraits Traits => field ??= NodeTraits.Of(this);

    internal int ContentHash => _hash;

    internal bool SameContent(Node other) =>
        _hash == other._hash && Class == other.Class && Default == other.Default && Rows == other.Rows && Weights == other.Weights;
}
