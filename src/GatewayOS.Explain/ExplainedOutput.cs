namespace GatewayOS.Explain;

/// <param name="Port">The name of the front port.</param>
/// <param name="Packet">Its octets, hexadecimal.</param>
/// <param name="Summary">The packet in words.</param>
public sealed record ExplainedOutput(string Port, string Packet, string Summary);
