namespace GatewayOS.Differential.Tests.Packets;

/// <param name="Port">The device's front port it comes in by.</param>
/// <param name="Number">That of its marker.</param>
/// <param name="Kind">A few words for the table: where it comes in, what for, and what is odd about it.</param>
/// <param name="Octets">The frame.</param>
internal sealed record TestPacket(int Port, uint Number, string Kind, byte[] Octets);
