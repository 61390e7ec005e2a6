using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>A way for a packet to match.</summary>
/// <param name="Untested">
/// What else decides and no stage can test (a field, by its name in OVN): the cube is then an over-approximation, a packet in it may or may not
/// match. Null if the cube says it all.
/// </param>
public sealed record Alternative(Cube Cube, string? Untested = null)
{
    public bool Exact => Untested is null;
}
