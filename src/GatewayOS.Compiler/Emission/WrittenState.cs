using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Passes;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of a state, and what they point at: as long as that has the same numbers, they are right.</summary>
internal sealed class WrittenState
{
    public List<(Node Node, Stage Stage, Placed Place)> Next { get; } = [];

    public List<(OutputTarget Output, Placed Place)> Outputs { get; } = [];

    public List<(PuntCause Cause, Placed Place)> Tracks { get; } = [];

    public List<(string Reason, ushort Id)> Reasons { get; } = [];

    public Placed Place { get; set; }

    public CompiledEntry[] Entries { get; set; } = [];

    /// <summary>Whether something was left out for lack of room, which there may be more of the next time.</summary>
    public bool IsCramped { get; set; }
}
