using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Emission;

/// <summary>A state or an output that is written.</summary>
/// <param name="Id">Its number on the device.</param>
/// <param name="Content">What it is, all that is behind it included, whatever the numbers are.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Placed(uint Id, UInt128 Content);
