using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Symbolic;

/// <summary>The value of a storage root that differs from the one at entry, or was written.</summary>
/// <param name="Written">The bits written since evaluation of the current table began.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Fact(int Root, Bits Value, UInt128 Written);
