using System.Runtime.InteropServices;

namespace GatewayOS.Bmv2;

/// <summary>What a counter has counted.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct CounterValue(long Packets, long Octets);
