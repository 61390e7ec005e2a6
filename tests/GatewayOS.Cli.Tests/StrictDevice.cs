using GatewayOS.Control.Reconciling;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>A device in memory that takes no insert of what it has, and no change of what it has not (P4Runtime 1.5, section 12).</summary>
internal sealed class StrictDevice : IDevice
{
    private readonly Dictionary<EntryKey, TableEntry> _entries = [];

    public IReadOnlyCollection<TableEntry> Entries => _entries.Values;

    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => Task.FromResult<IReadOnlyCollection<TableEntry>>([.. _entries.Values]);

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        foreach (var (kind, entity) in updates)
        {
            var entry = (TableEntry)entity;
            Assert.Equal(kind != UpdateKind.Insert, _entries.ContainsKey(entry.Key));
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
