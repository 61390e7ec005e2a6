namespace GatewayOS.Compiler.Network;

/// <summary>A logical flow as OVN wrote it.</summary>
public sealed record FlowText(string Match, string Actions);
