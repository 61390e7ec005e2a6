namespace GatewayOS.Ovsdb.Transactions;

/// <summary>A change relative to what a column holds (RFC 7047 section 5.1).</summary>
/// <param name="Column">The column to change.</param>
/// <param name="Mutator">One of <c>+= -= *= /= %= insert delete</c>.</param>
/// <param name="Value">The operand.</param>
public sealed record Mutation(string Column, string Mutator, Value Value);
