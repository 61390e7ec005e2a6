namespace GatewayOS.Cli.Commands;

/// <summary>How many lookups a packet needs behind its entry.</summary>
/// <param name="Longest">On the longest path of all.</param>
/// <param name="Histogram">The number of entry points by their longest path.</param>
internal sealed record LookupCount(int Longest, IReadOnlyDictionary<int, int> Histogram);
