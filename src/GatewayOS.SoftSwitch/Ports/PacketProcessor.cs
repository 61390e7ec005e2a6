namespace GatewayOS.SoftSwitch.Ports;

/// <summary>Takes a packet that came in by a port.</summary>
internal delegate void PacketProcessor(int port, ReadOnlySpan<byte> packet);
