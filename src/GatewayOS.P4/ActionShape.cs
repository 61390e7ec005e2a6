using GatewayOS.Core;

namespace GatewayOS.P4;

/// <summary>What an action of the program looks like to the control plane.</summary>
public sealed record ActionShape(string Name, EquatableArray<ParameterShape> Parameters);
