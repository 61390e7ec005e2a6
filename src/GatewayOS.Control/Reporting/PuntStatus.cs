namespace GatewayOS.Control.Reporting;

/// <param name="Background">The packets belong to no traffic of a user: ARP, neighbour discovery, control protocols, the host's own.</param>
public sealed record PuntStatus(string Reason, long Packets, long Octets, bool Background);
