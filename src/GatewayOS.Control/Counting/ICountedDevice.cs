using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Counting;

/// <summary>A device whose entries have direct counters.</summary>
public interface ICountedDevice : IDevice
{
    /// <summary>What the entries have counted since they were inserted; without those that are not there.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token);
}
