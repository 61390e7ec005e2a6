namespace GatewayOS.Compiler.Symbolic;

/// <summary>The logical ports of a packet in its current datapath.</summary>
/// <param name="In">The logical input port; null when any (a tunnel entry shared by all input ports).</param>
/// <param name="Out">The logical output port or multicast group; empty when not decided; null when not known at compile time.</param>
public sealed record Ports(string? In, string? Out);
