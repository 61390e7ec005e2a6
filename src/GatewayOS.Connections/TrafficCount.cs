using System.Runtime.InteropServices;

namespace GatewayOS.Connections;

/// <summary>What one direction of a connection carried.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TrafficCount(ulong Packets, ulong Octets);
