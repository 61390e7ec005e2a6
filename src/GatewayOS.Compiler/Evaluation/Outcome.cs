using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>The outcome of evaluating a cell, and all that it depended on.</summary>
internal sealed record Outcome(
    Edge Result, ReadSet Reads, Cell[] Asked, InputKey[] Inputs, TableKey[] Tables);
