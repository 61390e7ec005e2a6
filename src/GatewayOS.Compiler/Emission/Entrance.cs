using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;

namespace GatewayOS.Compiler.Emission;

/// <summary>An entry point with the state that it leads to.</summary>
/// <param name="Number">Of its block; never used again.</param>
/// <param name="Point">As evaluated.</param>
/// <param name="Edge">Its edge, composed.</param>
/// <param name="State">Where packets go first; null when no stage can do it.</param>
/// <param name="Tests">The class bits of source and destination that its packets may be asked for.</param>
internal sealed record Entrance(uint Number, EntryPoint Point, Edge Edge, State? State, (ulong Source, ulong Destination) Tests)
{
    public Door Door => Point.Door;

    public PacketClass Class => Point.Class;

    /// <summary>The last update that had the entry point.</summary>
    public int Round { get; set; }

    /// <summary>As written the last time.</summary>
    public CompiledEntry? Written { get; set; }

    public bool TestsBits => Tests != (0, 0);
}
