using System.Collections.Immutable;

namespace GatewayOS.Lab.Traffic;

/// <summary>Tells what devices have done with packets from their network cards so far.</summary>
public interface IFastPathCounters
{
    /// <returns>Null when there is no fast path, so that nobody counts.</returns>
    public Task<FastPathCounts?> ReadAsync(CancellationToken token);
}

/// <summary>Packets that came in by a front port, by what became of them.</summary>
/// <param name="FastPath">Packets that the device forwarded or dropped itself.</param>
/// <param name="Punts">Packets that it left to OVS, by reason. ARP and the like are not among them.</param>
public sealed record FastPathCounts(long FastPath, ImmutableSortedDictionary<string, long> Punts)
{
    public long ThroughOvs => Punts.Values.Sum();

    public static FastPathCounts operator +(FastPathCounts left, FastPathCounts right) => new(
        left.FastPath + right.FastPath,
        left.Punts.Concat(right.Punts).GroupBy(punt => punt.Key, punt => punt.Value).ToImmutableSortedDictionary(punt => punt.Key, punt => punt.Sum()));

    public FastPathCounts Since(FastPathCounts earlier) => new(
        FastPath - earlier.FastPath,
        Punts.Select(punt => KeyValuePair.Create(punt.Key, punt.Value - earlier.Punts.GetValueOrDefault(punt.Key)))
            .Where(punt => punt.Value != 0)
            .ToImmutableSortedDictionary());
}
