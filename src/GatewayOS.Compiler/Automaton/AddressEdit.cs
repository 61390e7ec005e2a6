using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Automaton;

/// <summary>An IP address that takes the place of the source's or the destination's (stateless NAT).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AddressEdit(bool IsSource, UInt128 Address);
