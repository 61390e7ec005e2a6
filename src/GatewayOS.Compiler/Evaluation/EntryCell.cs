using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The evaluation of an entry point.</summary>
public sealed class EntryCell(Func<Edge> evaluate) : Cell
{
    public Edge Evaluate() => evaluate();
}
