using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, parsed, in no order.</summary>
public sealed class PreparedTable(PreparedFlow[] flows)
{
    public static readonly PreparedTable Empty = new([]);

    private string[]? _inPorts;
    private bool? _writesFlags;

    public IReadOnlyList<PreparedFlow> Flows => flows;

    /// <summary>The input ports that the flows ask about.</summary>
    public IReadOnlyList<string> InPorts => _inPorts ??= [.. flows.SelectMany(flow => InPortsOf(flow.Match)).Distinct()];

    /// <summary>Whether a flow may write flags; a test of them counts, too.</summary>
    public bool WritesFlags => _writesFlags ??= Array.Exists(flows, flow => flow.Text.Actions.Contains("flags", StringComparison.Ordinal));

    private static IEnumerable<string> InPortsOf(Expr match) => match switch
    {
        Expr.CompareString { Field.Name: "inport" } compare => [compare.Value],
        Expr.And(var operands) => operands.SelectMany(InPortsOf),
        Expr.Or(var operands) => operands.SelectMany(InPortsOf),
        _ => [],
    };
}
