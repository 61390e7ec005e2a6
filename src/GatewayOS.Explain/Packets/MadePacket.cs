namespace GatewayOS.Explain.Packets;

/// <summary>A described packet as it comes to the device.</summary>
/// <param name="Port">The front port.</param>
/// <param name="Remarks">How it was completed, and how it came here.</param>
public sealed record MadePacket(int Port, byte[] Octets, IReadOnlyList<string> Remarks);
