using System.Runtime.InteropServices;

namespace GatewayOS.P4Runtime;

[StructLayout(LayoutKind.Auto)]
public readonly record struct CounterValue(long Packets, long Octets);
