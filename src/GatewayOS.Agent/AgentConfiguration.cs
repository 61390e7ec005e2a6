using GatewayOS.Control.Running;

namespace GatewayOS.Agent;

/// <summary>The configuration file of gatewayd; README.md is its schema.</summary>
/// <param name="Control">What the agent works with.</param>
/// <param name="ControlSocket">The path of the socket for gatewayctl.</param>
/// <param name="LogLevel">trace, debug, info, warn or error.</param>
public sealed record AgentConfiguration(ControlOptions Control, string ControlSocket, string LogLevel);
