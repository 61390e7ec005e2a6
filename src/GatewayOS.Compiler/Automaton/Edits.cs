using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>What an edge does to the working copy of the headers.</summary>
/// <param name="TtlDecrement">How many routers were passed; adds up along a path.</param>
public sealed record Edits(MacAddress? EthSource, MacAddress? EthDestination, int TtlDecrement, byte? Dscp)
{
    public static readonly Edits None = new(null, null, 0, null);

    public bool IsNone => this == None;

    /// <summary>These edits, then the later ones.</summary>
    public Edits Then(Edits later) =>
        later.IsNone ? this
        : IsNone ? later
        : new Edits(
            later.EthSource ?? EthSource,
            later.EthDestination ?? EthDestination,
            TtlDecrement + later.TtlDecrement,
            later.Dscp ?? Dscp);
}
