using System.Runtime.InteropServices;

namespace GatewayOS.Bmv2.Tables;

/// <summary>Asks a field of the key to be within bounds, both included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RangeTest(int Limb, int Shift, ulong Full, ulong Low, ulong High);
