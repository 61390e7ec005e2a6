using GatewayOS.Compiler.Symbolic;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, parsed, in no order.</summary>
public sealed class PreparedTable(PreparedFlow[] flows)
{
    public static readonly PreparedTable Empty = new([]);

    private string[]? _inPorts;
    private Traces? _traces;

    public IReadOnlyList<PreparedFlow> Flows => flows;

    /// <summary>The input ports that the flows ask about.</summary>
    public IReadOnlyList<string> InPorts => _inPorts ??= [.. flows.SelectMany(flow => InPortsOf(flow.Match)).Distinct()];

    /// <summary>What the flows leave for other copies of a packet that come after it; a test of flags counts, too.</summary>
    public Traces Traces => _traces ??= !Array.Exists(flows, LeavesTrace) ? Traces.None
        : Array.TrueForAll(flows, flow => !flow.Text.Match.Contains("outport", StringComparison.Ordinal) && (!LeavesTrace(flow) || OnlyMarks(flow))) ? Traces.Alike
        : Traces.Unlike;

    private static bool LeavesTrace(PreparedFlow flow) => flow.Text.Actions.Contains("flags", StringComparison.Ordinal) || flow.Actions.Any(IsTrace);

    private static bool IsTrace(ActionNode action) => action switch
    {
        ActionNode.Load load => IsTrace(load.Destination),
        ActionNode.Move move => IsTrace(move.Destination),
        ActionNode.Exchange exchange => IsTrace(exchange.Left) || IsTrace(exchange.Right),
        _ => false,
    };

    private static bool IsTrace(FieldSlice field) => !field.Field.IsString && RootCatalog.KindOf(field.Bits.Root.Name) != RootKind.Register;

    private static bool OnlyMarks(PreparedFlow flow) => flow.Actions is [ActionNode.Load { Destination: { IsWhole: true, Field.Name: "ip.dscp" }, Value.Mask: null }, ActionNode.Next];

    private static IEnumerable<string> InPortsOf(Expr match) => match switch
    {
        Expr.CompareString { Field.Name: "inport" } compare => [compare.Value],
        Expr.And(var operands) => operands.SelectMany(InPortsOf),
        Expr.Or(var operands) => operands.SelectMany(InPortsOf),
        _ => [],
    };
}
