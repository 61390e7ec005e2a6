namespace GatewayOS.Control.Tracking;

/// <summary>What <c>gatewayctl connections</c> shows: one direction of a connection in the zone that its packets ask first.</summary>
/// <param name="Zone">The conntrack zone.</param>
/// <param name="Packets">How they look when they come in.</param>
/// <param name="Port">The logical port that they come in by; null if they do not.</param>
/// <param name="Offloaded">Whether the device forwards them.</param>
/// <param name="Index">The connection's number on the device.</param>
/// <param name="Forwarded">Packets that the device had when its counters were last read.</param>
/// <param name="Octets">Octets of these.</param>
/// <param name="Obstacle">Why software has them, if it does.</param>
/// <param name="Rewrite">The translation, as in <c>dst 10.0.0.4</c>; empty if there is none.</param>
public sealed record ConnectionStatusReport(
    int Zone, string Packets, string? Port, bool Offloaded, long? Index, long? Forwarded, long? Octets, string? Obstacle, string Rewrite);
