using System.Collections.Immutable;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Network;

/// <summary>The flows of one logical table of one datapath, parsed.</summary>
/// <param name="flows">Highest priority first.</param>
public sealed class PreparedTable(ImmutableArray<PreparedFlow> flows)
{
    private string[]? _inPorts;
    private Traces? _traces;

    public ImmutableArray<PreparedFlow> Flows => flows;

    /// <summary>The input ports that the flows ask about.</summary>
    public IReadOnlyList<string> InPorts => _inPorts ??= FindInPorts();

    /// <summary>What the flows leave for other copies of a packet that come after it; a test of flags counts, too.</summary>
    public Traces Traces => _traces ??= !flows.Any(LeavesTrace) ? Traces.None
        : flows.All(flow => !flow.Text.Match.Contains("outport", StringComparison.Ordinal) && (!LeavesTrace(flow) || OnlyMarks(flow))) ? Traces.Alike
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

    private string[] FindInPorts()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var flow in flows)
        {
            AddInPorts(flow.Match, names);
        }

        return [.. names];
    }

    private static void AddInPorts(Expr match, HashSet<string> names)
    {
        switch (match)
        {
            case Expr.CompareString { Field.Name: "inport" } compare:
                names.Add(compare.Value);
                break;
            case Expr.And(var operands):
                AddInPorts(operands, names);
                break;
            case Expr.Or(var operands):
                AddInPorts(operands, names);
                break;
            default:
                break;
        }
    }

    private static void AddInPorts(EquatableArray<Expr> operands, HashSet<string> names)
    {
        foreach (var operand in operands)
        {
            AddInPorts(operand, names);
        }
    }
}
