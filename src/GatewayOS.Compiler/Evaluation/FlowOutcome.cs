using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;

namespace GatewayOS.Compiler.Evaluation;

/// <summary>What one flow of a table adds to a lookup, and what that depended on.</summary>
/// <param name="Rows">The rows; none if the flow is ruled out.</param>
/// <param name="Certain">The edge, if every packet takes it that no earlier flow took; then there are no rows.</param>
/// <param name="Reads">The facts asked for.</param>
/// <param name="Asked">The cells asked.</param>
/// <param name="Inputs">What was asked of the network.</param>
/// <param name="Tables">The tables executed on the way.</param>
internal sealed record FlowOutcome(Row[] Rows, Edge? Certain, ReadSet Reads, Cell[] Asked, InputKey[] Inputs, TableKey[] Tables);
