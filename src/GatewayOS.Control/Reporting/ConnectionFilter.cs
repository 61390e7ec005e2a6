namespace GatewayOS.Control.Reporting;

/// <summary>Which connections to show; what is null does not matter.</summary>
/// <param name="Address">An address of any of its packets, before or after translation.</param>
/// <param name="Port">Likewise a TCP or UDP port, or the identifier of an ICMP echo.</param>
/// <param name="Protocol">tcp, udp, icmp, icmpv6 or sctp.</param>
/// <param name="Zone">The conntrack zone.</param>
/// <param name="LogicalPort">The logical port that its packets come in by.</param>
/// <param name="IsOffloaded">Whether the device forwards both directions.</param>
/// <param name="Top">Only so many, those with the most packets.</param>
public sealed record ConnectionFilter(
    string? Address = null, int? Port = null, string? Protocol = null, int? Zone = null, string? LogicalPort = null, bool? IsOffloaded = null, int? Top = null);
