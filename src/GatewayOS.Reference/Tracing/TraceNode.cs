namespace GatewayOS.Reference.Tracing;

/// <summary>A node of the tree of what happened to a packet.</summary>
public sealed class TraceNode(TraceNodeKind kind, string text)
{
    private readonly List<TraceNode> _children = [];

    public TraceNodeKind Kind => kind;

    public string Text => text;

    /// <summary>In order of execution.</summary>
    public IReadOnlyList<TraceNode> Children => _children;

    /// <summary>The flow of a <see cref="TraceNodeKind.Table"/> node, unless none matched.</summary>
    public TraceStep? Step { get; init; }

    /// <summary>Whether the node is one of several of equal rank and therefore indented even as the last one.</summary>
    public bool IsIndented { get; init; }

    internal TraceNode Add(TraceNodeKind childKind, string childText) => Add(new TraceNode(childKind, childText));

    internal TraceNode Add(TraceNode child)
    {
        _children.Add(child);
        return child;
    }
}
