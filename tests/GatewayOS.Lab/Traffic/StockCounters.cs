namespace GatewayOS.Lab.Traffic;

/// <summary>Chassis without a fast path: OVS does everything, and nobody counts.</summary>
internal sealed class StockCounters : IFastPathCounters
{
    public Task<FastPathCounts?> ReadAsync(CancellationToken token) => Task.FromResult<FastPathCounts?>(null);
}
