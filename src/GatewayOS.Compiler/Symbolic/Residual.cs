using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>A way for a packet to match.</summary>
/// <param name="Exact">False if the cube is an over-approximation: a packet in it may or may not match.</param>
public sealed record Alternative(Cube Cube, bool Exact);

/// <summary>What is left of a match once the known facts are put in: none of the alternatives (false), or any of them.</summary>
public sealed record Residual(IReadOnlyList<Alternative> Alternatives)
{
    public static readonly Residual False = new([]);
    public static readonly Residual True = new([new Alternative(Cube.Any, Exact: true)]);
    public static readonly Residual Maybe = new([new Alternative(Cube.Any, Exact: false)]);

    public bool IsFalse => Alternatives.Count == 0;

    public bool IsTrue => Alternatives is [{ Exact: true, Cube.IsAny: true }];

    public static Residual Of(Cube cube) => cube.IsAny ? True : new([new Alternative(cube, Exact: true)]);
}
