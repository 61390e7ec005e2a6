namespace GatewayOS.Connections;

/// <summary>What one direction of a connection carried.</summary>
public readonly record struct TrafficCount(ulong Packets, ulong Octets);
