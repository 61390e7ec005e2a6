using System.Text;

namespace GatewayOS.Reference.Tracing;

/// <summary>Writes traces in the three forms of ovn-trace(8).</summary>
public static class TraceText
{
    private const int Indent = 4;

    /// <summary>Table by table.</summary>
    public static string Detailed(TraceNode root)
    {
        var output = new StringBuilder();
        AppendDetailed(output, [root], 0);
        return output.ToString();
    }

    /// <summary>Actions and their consequences without tables.</summary>
    public static string Summary(TraceNode root) =>
        Nested([.. WithoutKinds(root, TraceNodeKind.Edit, TraceNodeKind.Table)]);

    /// <summary>Only what can be seen from outside.</summary>
    public static string Minimal(TraceNode root) =>
        Nested([.. WithoutKinds(root, TraceNodeKind.Action, TraceNodeKind.Pipeline, TraceNodeKind.Table, TraceNodeKind.Output)]);

    private static void AppendDetailed(StringBuilder output, IReadOnlyList<TraceNode> nodes, int level)
    {
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[i];
            if (node.Kind == TraceNodeKind.Edit)
            {
                continue;
            }

            // What goes on without alternatives stays at its level, or long traces would run off the page.
            var isTitle = node.Kind is TraceNodeKind.Pipeline or TraceNodeKind.Transformation;
            var isNested = i + 1 < nodes.Count || node.IsIndented || node.Kind is TraceNodeKind.Action or TraceNodeKind.Output or TraceNodeKind.Error;
            var margin = (level + (isNested ? 1 : 0)) * Indent;
            output.Append(isTitle ? "\n" : "").Append(' ', margin).Append(node.Text).Append('\n');
            if (isTitle)
            {
                output.Append(' ', margin).Append('-', Encoding.UTF8.GetByteCount(node.Text)).Append('\n');
            }

            AppendDetailed(output, node.Children, level + (isNested ? 2 : 0));
        }
    }

    // Leaves nodes of these kinds out; their children take their place.
    private static IEnumerable<TraceNode> WithoutKinds(TraceNode node, params TraceNodeKind[] kinds)
    {
        var children = node.Children.SelectMany(child => WithoutKinds(child, kinds));
        if (kinds.Contains(node.Kind))
        {
            return children;
        }

        var copy = new TraceNode(node.Kind, node.Text);
        foreach (var child in children)
        {
            copy.Add(child);
        }

        return [copy];
    }

    private static string Nested(IReadOnlyList<TraceNode> nodes)
    {
        var output = new StringBuilder();
        AppendNested(output, nodes, 0);
        return output.ToString();
    }

    private static void AppendNested(StringBuilder output, IReadOnlyList<TraceNode> nodes, int level)
    {
        foreach (var node in nodes)
        {
            if (node.Kind == TraceNodeKind.Action && node.Text.StartsWith("next(", StringComparison.Ordinal))
            {
                continue;
            }

            output.Append(' ', level * Indent).Append(node.Text);
            if (node.Children.Count > 0)
            {
                output.Append(" {\n");
                AppendNested(output, node.Children, level + 1);
                output.Append(' ', level * Indent).Append('}');
            }

            output.Append(node.Kind == TraceNodeKind.Action ? "\n" : ";\n");
        }
    }
}
