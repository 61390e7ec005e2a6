using System.Runtime.InteropServices;

namespace GatewayOS.P4Runtime;

/// <summary>A field of the controller header of a packet (P4Runtime 1.5, 6.4.6).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct PacketField(uint Id, UInt128 Value);
