using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Automaton;

/// <summary>What an edge does to the working copy of the headers, and the meters that count its packets.</summary>
/// <param name="TtlDecrement">How many routers were passed; adds up along a path.</param>
/// <param name="Source">The IP source, if it is another one now.</param>
/// <param name="Destination">The IP destination, if it is another one now.</param>
/// <param name="Meter">One of the two meters that a path may have.</param>
/// <param name="Meter2">The other, which counts what that one lets pass.</param>
public sealed record Edits(
    MacAddress? EthSource, MacAddress? EthDestination, int TtlDecrement, byte? Dscp, UInt128? Source = null, UInt128? Destination = null,
    RateLimit? Meter = null, RateLimit? Meter2 = null)
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
            later.Destination ?? Destination,
            later.Meter ?? Meter,
            later.Meter2 ?? Meter2);

    /// <summary>The meters in their order.</summary>
    public IEnumerable<RateLimit> Meters => (Meter, Meter2) switch
    {
        (null, null) => [],
        ({ } first, null) => [first],
        (null, { } second) => [second],
        ({ } first, { } second) => [first, second],
    };

    /// <summary>As the device is told, but for IP addresses.</summary>
    /// <param name="meter">The number of <see cref="Meter"/>; 0 for none.</param>
    /// <param name="meter2">That of <see cref="Meter2"/>.</param>
    internal HeaderEdits ToHeader(ushort meter, ushort meter2) => new(EthSource, EthDestination, (byte)TtlDecrement, Dscp, meter, meter2);

    public bool RewritesAddresses => Source is not null || Destination is not null;

    /// <summary>One of the addresses to rewrite, and what is left to do.</summary>
    public (AddressEdit? Address, Edits Others) FirstAddress() =>
        Destination is { } destination ? (new AddressEdit(false, destination), this with { Destination = null })
        : Source is { } source ? (new AddressEdit(true, source), this with { Source = null })
        : (null, this);
}
