using GatewayOS.Core;

namespace GatewayOS.Compiler.Coverage;

/// <summary>One entry point and packet class.</summary>
/// <param name="Lookups">The lookups of the longest path behind it, without the entry itself and the tables of the class bits.</param>
/// <param name="Punts">Why packets are always punted, in order; those that wait for a connection are not.</param>
public sealed record EntryCoverage(Share Share, int Lookups, EquatableArray<string> Punts);
