namespace GatewayOS.Compiler.Coverage;

/// <summary>The paths from one side of the device to another, on which packets are forwarded or wait for the entry of their connection.</summary>
/// <param name="From">By what packets come in: a front port or a tunnel.</param>
/// <param name="To">By what they leave, or <see cref="PathCoverage.Connection"/>.</param>
/// <param name="Lookups">The most lookups behind the entry.</param>
/// <param name="Tables">The most logical tables that OVN runs such a packet through: each adds one flow to the path.</param>
public sealed record StandardPath(string From, string To, int Lookups, int Tables);
