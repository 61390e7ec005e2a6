using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Tracking;

/// <summary>A place where packets ask conntrack for the first time, which is a state of the pipeline: there they wait for the entry of their connection.</summary>
/// <param name="Cause">The logical flow and its actions; what is counted if there is no entry.</param>
/// <param name="Owner">Whose zone is asked.</param>
public sealed record TrackPlace(PuntCause Cause, ZoneOwner Owner);
