using GatewayOS.P4;

namespace GatewayOS.P4Runtime;

/// <summary>An entry as the device holds it.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Hits">Its direct counter, when asked for.</param>
public sealed record CountedEntry(TableEntry Entry, CounterValue? Hits);
