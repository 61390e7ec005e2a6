using GatewayOS.Control.Tracking;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>A device that takes everything and keeps nothing: what is measured is the agent.</summary>
internal sealed class UncountedDevice : IDeviceConnections
{
    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => Task.FromResult<IReadOnlyCollection<TableEntry>>([]);

    public Task<IReadOnlyCollection<TableEntry>> ReadConnectionsAsync(CancellationToken token) => ReadAsync(token);

    public Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token) =>
        Task.FromResult<IReadOnlyDictionary<EntryKey, CounterValue>>(new Dictionary<EntryKey, CounterValue>());

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(_ => WriteOutcome.Success)]);
}
