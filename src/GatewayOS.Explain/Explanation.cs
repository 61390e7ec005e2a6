namespace GatewayOS.Explain;

/// <summary>What the device does with one packet, and why. Plain values, as they go over the control socket and to <c>--json</c>.</summary>
/// <param name="InPort">The name of the front port.</param>
/// <param name="Packet">As it comes in, hexadecimal.</param>
/// <param name="Summary">The packet in words.</param>
/// <param name="Remarks">How a described packet was completed and brought to the port; empty for octets.</param>
/// <param name="Lookups">The tables that the packet met, in order; misses included.</param>
public sealed record Explanation(
    string InPort, string Packet, string Summary, IReadOnlyList<string> Remarks, IReadOnlyList<ExplainedLookup> Lookups, ExplainedVerdict Verdict);
