using GatewayOS.Core;

namespace GatewayOS.Agent;

/// <summary>The configuration cannot be used; the message has a line for each problem.</summary>
public sealed class ConfigurationException(EquatableArray<ConfigurationProblem> problems) : Exception(string.Join('\n', problems))
{
    public EquatableArray<ConfigurationProblem> Problems { get; } = problems;
}
