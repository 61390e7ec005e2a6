using System.Runtime.InteropServices;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Network;

/// <summary>A row of MAC_Binding or Static_MAC_Binding, read.</summary>
/// <param name="Width">32 for IPv4, 128 for IPv6.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Neighbor(UInt128 Ip, int Width, MacAddress Mac);
