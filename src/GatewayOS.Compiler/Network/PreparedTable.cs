using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, parsed, in no order.</summary>
public sealed class PreparedTable(PreparedFlow[] flows)
{
    public static readonly PreparedTable Empty = new([]);

    private string[]? _inPorts;
    private bool? _leavesTraces;

    public IReadOnlyList<PreparedFlow> Flows => flows;

    /// <summary>The input ports that the flows ask about.</summary>
    public IReadOnlyList<string> InPorts => _inPorts ??= [.. flows.SelectMany(flow => InPortsOf(flow.Match)).Distinct()];

    /// <summary>Whether a flow may write something that outlives the datapath: flags (a test of them counts, too), fields of the packet.</summary>
    public bool LeavesTraces => _leavesTraces ??= Array.Exists(flows, flow => flow.Text.Actions.Contains("flags", StringComparison.Ordinal) || flow.Actions.Any(LeavesTrace));

    private static bool LeavesTrace(ActionNode action) => action switch
    {
        ActionNode.Load load => IsTrace(load.Destination),
        ActionNode.Move move => IsTrace(move.Destination),
        ActionNode.Exchange exchange => IsTrace(exchange.Left) || IsTrace(exchange.Right),
        _ => false,
    };

    private static bool IsTrace(FieldSlice field) => !field.Field.IsString && RootCatalog.KindOf(field.Bits.Root.Name) != RootKind.Register;

    private static IEnumerable<string> InPortsOf(Expr match) => match switch
    {
        Expr.CompareString { Field.Name: "inport" } compare => [compare.Value],
        Expr.And(var operands) => operands.SelectMany(InPortsOf),
        Expr.Or(var operands) => operands.SelectMany(InPortsOf),
        _ => [],
    };
}
