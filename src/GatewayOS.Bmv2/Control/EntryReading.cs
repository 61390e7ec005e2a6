using GatewayOS.P4;

namespace GatewayOS.Bmv2.Control;

/// <summary>An entry as it is on the device.</summary>
/// <param name="Entry">The entry, with full names.</param>
/// <param name="Counter">Its direct counter, null if the table has none.</param>
/// <param name="Meter">The configuration of its direct meter, if it has any.</param>
/// <param name="SinceLastHit">The time since the last packet, or since it was written.</param>
/// <param name="IsConstant">Whether the program brought it.</param>
public sealed record EntryReading(TableEntry Entry, CounterValue? Counter, MeterRates? Meter, TimeSpan SinceLastHit, bool IsConstant);
