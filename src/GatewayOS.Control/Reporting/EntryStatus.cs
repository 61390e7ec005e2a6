namespace GatewayOS.Control.Reporting;

/// <summary>An entry on the device.</summary>
/// <param name="Flows">The logical flows it stands for; empty when it is not known to this agent.</param>
/// <param name="Cause">Why it leaves packets to OVS, if it does.</param>
/// <param name="Packets">Null if the device does not count them.</param>
public sealed record EntryStatus(
    string Table, int Priority, string Match, string Action, IReadOnlyList<Guid> Flows, string? Cause, long? Packets, long? Octets);
