using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The evaluation of one logical table, and all that follows, in one state.</summary>
/// <param name="table">The table; one more than the last stands for the end of the pipeline.</param>
/// <param name="state">A state that it stands for: all that agree with it on what was asked for share the cell.</param>
public sealed class TableCell(TableKey table, SymbolicState state) : Cell
{
    public TableKey Table => table;

    public SymbolicState State => state;

    /// <summary>In large tables, what became of each flow, so that one that changed is all that is looked at again.</summary>
    internal Dictionary<PreparedFlow, FlowOutcome>? Outcomes { get; set; }
}
