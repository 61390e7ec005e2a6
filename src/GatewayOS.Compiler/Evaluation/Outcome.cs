using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The outcome of evaluating a cell, and all that it depended on.</summary>
public sealed record Outcome(
    Edge Result, ReadSet Reads, IReadOnlyList<Cell> Asked, IReadOnlyList<InputKey> Inputs, IReadOnlyList<TableKey> Tables);
