using GatewayOS.Compiler.Automaton;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>A table entry and where it comes from (invariant I6).</summary>
/// <param name="Flows">The logical flows that a packet which hits the entry passes, in order, since the lookup before.</param>
/// <param name="Cause">Why it leaves packets to OVS, if it does.</param>
public sealed record CompiledEntry(TableEntry Entry, FlowTrail Flows, PuntCause? Cause);
