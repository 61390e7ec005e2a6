using System.Collections.Immutable;
using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>What is left of a match once the known facts are put in: none of the alternatives (false), or any of them.</summary>
public sealed record Residual(ImmutableArray<Alternative> Alternatives)
{
    public static readonly Residual False = new([]);
    public static readonly Residual True = new([new Alternative(Cube.Any)]);

    public bool IsFalse => Alternatives.IsEmpty;

    public bool IsTrue => Alternatives is [{ Exact: true, Cube.IsAny: true }];

    /// <summary>Nobody can tell, because no stage can test <paramref name="untested"/>.</summary>
    public static Residual Maybe(string untested) => new([new Alternative(Cube.Any, untested)]);

    public static Residual Of(Cube cube) => cube.IsAny ? True : new([new Alternative(cube)]);
}
