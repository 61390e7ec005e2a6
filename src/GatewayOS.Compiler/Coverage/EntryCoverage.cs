using GatewayOS.Core;

namespace GatewayOS.Compiler.Coverage;

/// <summary>One entry point and packet class.</summary>
/// <param name="Lookups">The lookups of the longest path behind it, without the entry itself and the tables of the class bits.</param>
/// <param name="Reasons">Why packets are punted or tracked, in order.</param>
public sealed record EntryCoverage(Share Share, int Lookups, EquatableArray<string> Reasons);
