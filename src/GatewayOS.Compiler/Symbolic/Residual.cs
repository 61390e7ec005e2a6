using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

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
