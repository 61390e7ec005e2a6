namespace GatewayOS.Control.Reporting;

/// <summary>A connection in the zone that its packets ask first.</summary>
/// <param name="Zone">The conntrack zone.</param>
/// <param name="Protocol">tcp, udp, icmp, icmpv6 or sctp.</param>
/// <param name="IsOffloaded">Whether the device forwards both directions, as far as they come in here.</param>
/// <param name="Original">The direction of its first packet; null if no such packets come in, or are another zone's first.</param>
/// <param name="Reply">The direction of the answers.</param>
/// <param name="Obstacle">Why the whole connection is left to software; null if nothing speaks against it.</param>
public sealed record ConnectionReport(int Zone, string Protocol, bool IsOffloaded, DirectionReport? Original, DirectionReport? Reply, string? Obstacle);
