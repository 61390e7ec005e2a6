using GatewayOS.Control.Counting;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tests.Counting;

/// <summary>A device in memory whose entries count, and which may start counting anew when one is modified.</summary>
internal sealed class MemoryDevice(bool startsAnewOnModify) : ICountedDevice
{
    private readonly Dictionary<EntryKey, (TableEntry Entry, CounterValue Count)> _entries = [];

    public IReadOnlyList<TableEntry> Entries => [.. _entries.Values.Select(pair => pair.Entry)];

    /// <summary>A packet of 100 octets hits the entry.</summary>
    public void Hit(EntryKey key)
    {
        var (entry, count) = _entries[key];
        _entries[key] = (entry, new CounterValue(count.Packets + 1, count.Octets + 100));
    }

    public CounterValue this[EntryKey key] => _entries[key].Count;

    /// <summary>It loses power.</summary>
    public void Restart() => _entries.Clear();

    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => Task.FromResult<IReadOnlyCollection<TableEntry>>(Entries);

    public Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token) =>
        Task.FromResult<IReadOnlyDictionary<EntryKey, CounterValue>>(keys.Where(_entries.ContainsKey).ToDictionary(key => key, key => _entries[key].Count));

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        foreach (var (kind, entity) in updates)
        {
            var entry = (TableEntry)entity;
            switch (kind)
            {
                case UpdateKind.Delete:
                    _entries.Remove(entry.Key);
                    break;
                case UpdateKind.Insert:
                    _entries.Add(entry.Key, (entry, default));
                    break;
                default:
                    _entries[entry.Key] = (entry, startsAnewOnModify ? default : _entries[entry.Key].Count);
                    break;
            }
        }

        return Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(_ => WriteOutcome.Success)]);
    }
}
