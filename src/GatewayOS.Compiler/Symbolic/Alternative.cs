using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>A way for a packet to match.</summary>
/// <param name="Exact">False if the cube is an over-approximation: a packet in it may or may not match.</param>
public sealed record Alternative(Cube Cube, bool Exact);
