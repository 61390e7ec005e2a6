namespace GatewayOS.Control.Reporting;

/// <summary>One direction of a connection.</summary>
/// <param name="Source">Address and port as the packets come in; for ICMP echo the identifier.</param>
/// <param name="Destination">Likewise.</param>
/// <param name="Translated">What the device writes instead, such as <c>dst 10.0.0.4</c>; empty if it changes nothing.</param>
/// <param name="LogicalPorts">Where they come in.</param>
/// <param name="IsOffloaded">Whether the device forwards them.</param>
/// <param name="Packets">That the device forwarded since the entry was written; null if there is none.</param>
/// <param name="Octets">Likewise, of the frames.</param>
/// <param name="Obstacle">Why software has them; null if it does not, or not for long.</param>
public sealed record DirectionReport(
    string Source, string Destination, string Translated, IReadOnlyList<string> LogicalPorts, bool IsOffloaded, long? Packets, long? Octets, string? Obstacle);
