using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>Clauses that must all hold, at most one on the bits and one on the port of a root; without clauses it is true.</summary>
public sealed record Conjunction(EquatableArray<Clause> Clauses);
