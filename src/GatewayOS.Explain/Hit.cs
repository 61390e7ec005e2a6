using GatewayOS.Compiler.Emission;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>An entry that a packet has hit.</summary>
/// <param name="Origin">Null when it is not known where it comes from.</param>
internal sealed record Hit(TableEntry Entry, CompiledEntry? Origin);
