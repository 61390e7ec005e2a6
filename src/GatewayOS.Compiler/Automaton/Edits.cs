using GatewayOS.Core;

namespace GatewayOS.Compiler.Automaton;

/// <summary>What an edge does to the working copy of the headers.</summary>
/// <param name="TtlDecrement">How many routers were passed; adds up along a path.</param>
/// <param name="Source">The IP source, if it is another one now.</param>
/// <param name="Destination">The IP destination, if it is another one now.</param>
public sealed record Edits(MacAddress? EthSource, MacAddress? EthDestination, int TtlDecrement, byte? Dscp, UInt128? Source = null, UInt128? Destination = null)
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
            later.Dscp ?? Dscp,
            later.Source ?? Source,
            later.Destination ?? Destination);

    public bool RewritesAddresses => Source is not null || Destination is not null;

    /// <summary>One of the addresses to rewrite, and what is left to do.</summary>
    public (AddressEdit? Address, Edits Others) FirstAddress() =>
        Destination is { } destination ? (new AddressEdit(false, destination), this with { Destination = null })
        : Source is { } source ? (new AddressEdit(true, source), this with { Source = null })
        : (null, this);
}
