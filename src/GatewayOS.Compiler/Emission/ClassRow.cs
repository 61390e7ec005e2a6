using System.Runtime.InteropServices;
using GatewayOS.Compiler.Classes;

namespace GatewayOS.Compiler.Emission;

/// <summary>The place of an entry in the tables of the class bits.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClassRow(string Table, AddressPrefix Prefix);
