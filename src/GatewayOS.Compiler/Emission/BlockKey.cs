using System.Runtime.InteropServices;

namespace GatewayOS.Compiler.Emission;

/// <summary>Entries that are written and withdrawn together: the rows of a state, the two halves of an output ...</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockKey(BlockKind Kind, uint Id);
