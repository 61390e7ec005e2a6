namespace GatewayOS.Control.Reporting;

/// <summary>A reason why packets are left to OVS.</summary>
/// <param name="Packets">Since the device started.</param>
/// <param name="Background">The packets belong to no traffic of a user: ARP, neighbour discovery, control protocols, the host's own.</param>
/// <param name="Remedy">What would change it; null for the reason of an earlier agent.</param>
/// <param name="Causes">The flows and actions behind it, those with the most packets first; none for reasons of the program itself.</param>
public sealed record PuntReport(string Reason, long Packets, long Octets, bool Background, string? Remedy, IReadOnlyList<PuntOrigin> Causes);
