using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Automaton;

/// <summary>One test on one field: <c>field &amp; Mask == Value</c>. <see cref="Value"/> has no bit outside <see cref="Mask"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Term(KeyField Field, UInt128 Value, UInt128 Mask);
