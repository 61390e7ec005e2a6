namespace GatewayOS.Compiler.Automaton;

/// <summary>Why packets are left to OVS: a reason to count by, and the logical flow and action that made it so.</summary>
/// <param name="Reason">A short sentence from a small set; one counter each.</param>
/// <param name="Detail">The action or the match that the hardware does not do, as OVN writes it; empty if the reason says it all.</param>
/// <param name="Flow">The Logical_Flow row, or null if the cause is no flow.</param>
public sealed record PuntCause(string Reason, string Detail, Guid? Flow);
