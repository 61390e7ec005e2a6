using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Benchmarks.Changes;

/// <summary>A device that costs nothing.</summary>
internal sealed class MemoryDevice : IDevice
{
    private readonly Dictionary<EntryKey, TableEntry> _entries = [];

    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => Task.FromResult<IReadOnlyCollection<TableEntry>>([.. _entries.Values]);

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        foreach (var (kind, entity) in updates)
        {
            var entry = (TableEntry)entity;
            if (kind == UpdateKind.Delete)
            {
                _entries.Remove(entry.Key);
            }
            else
            {
                _entries[entry.Key] = entry;
            }
        }

        return Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(_ => WriteOutcome.Success)]);
    }
}
