using System.Runtime.InteropServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Compiler.Tracking;

namespace GatewayOS.Compiler.Emission;

/// <summary>Where a row of a state leads: at most one of these, nothing at all is a drop.</summary>
/// <param name="Next">Another state.</param>
/// <param name="Output">A way out.</param>
/// <param name="Cause">Software, because of this.</param>
/// <param name="Place">Where packets wait for a connection's entry, which may do better than software.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Step(State? Next, OutputTarget? Output, PuntCause? Cause, TrackPlace? Place)
{
    /// <summary>The address that is rewritten on the way to the next state.</summary>
    public AddressEdit? Address { get; init; }

    /// <summary>What changes places on the way to the next state.</summary>
    public Turn? Turn { get; init; }

    /// <summary>Whether the next state does the other edits.</summary>
    public bool Defers { get; init; }
}
