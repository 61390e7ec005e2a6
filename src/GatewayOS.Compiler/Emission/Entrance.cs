using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;

namespace GatewayOS.Compiler.Emission;

/// <summary>An entry point with the state that it leads to.</summary>
/// <param name="Number">Of its block; never used again.</param>
/// <param name="Evaluated">What evaluation said, to see whether it says something else the next time.</param>
/// <param name="Edge">The same, composed.</param>
/// <param name="State">Where packets go first; null when no stage can do it.</param>
/// <param name="Tests">The class bits of source and destination that its packets may be asked for.</param>
internal sealed record Entrance(uint Number, Door Door, PacketClass Class, Edge Evaluated, Edge Edge, State? State, (ulong Source, ulong Destination) Tests)
{
    /// <summary>As written the last time.</summary>
    public CompiledEntry? Written { get; set; }

    public bool TestsBits => Tests != (0, 0);
}
