namespace GatewayOS.Compiler.Automaton;

/// <summary>A row of a lookup: packets in the cube, if no earlier row has them, take the edge.</summary>
public sealed record Row(Cube Cube, Edge Edge);
