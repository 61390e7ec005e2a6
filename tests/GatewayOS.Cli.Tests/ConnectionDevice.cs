using GatewayOS.Control.Tracking;
using GatewayOS.P4;
using GatewayOS.P4Runtime;
using Xunit;

namespace GatewayOS.Cli.Tests;

/// <summary>The tables of connections in memory, with room for so many numbers; no number but 0, which is none, may lead nowhere (invariant I5).</summary>
internal sealed class ConnectionDevice(int room = int.MaxValue) : IDeviceConnections
{
    private readonly Dictionary<EntryKey, TableEntry> _entries = [];
    private readonly Dictionary<EntryKey, long> _packets = [];

    public int Writes { get; private set; }

    public IEnumerable<TableEntry> Numbers => _entries.Values.Where(entry => entry.Table != TableNames.ConnectionEdit);

    public IEnumerable<TableEntry> Finishes => _entries.Values.Where(entry => entry.Table == TableNames.ConnectionEdit);

    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => throw new NotSupportedException();

    public Task<IReadOnlyCollection<TableEntry>> ReadConnectionsAsync(CancellationToken token) =>
        Task.FromResult<IReadOnlyCollection<TableEntry>>([.. _entries.Values]);

    public Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token) =>
        Task.FromResult<IReadOnlyDictionary<EntryKey, CounterValue>>(
            keys.Where(_entries.ContainsKey).ToDictionary(key => key, key => new CounterValue(_packets.GetValueOrDefault(key), 64 * _packets.GetValueOrDefault(key))));

    /// <summary>It has nothing any more.</summary>
    public void Restart()
    {
        _entries.Clear();
        _packets.Clear();
    }

    /// <summary>A packet comes.</summary>
    public void Count(EntryKey number) => _packets[number] = _packets.GetValueOrDefault(number) + 1;

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token) =>
        Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(Write)]);

    private WriteOutcome Write(EntityUpdate update)
    {
        Writes++;
        var entry = (TableEntry)update.Entity;
        if (update.Kind == UpdateKind.Insert)
        {
            if (entry.Table != TableNames.ConnectionEdit && Numbers.Count() >= room)
            {
                return new WriteOutcome(WriteStatus.ResourceExhausted, "the table is full");
            }

            _entries.Add(entry.Key, entry);
            _packets.Remove(entry.Key);
        }
        else if (update.Kind == UpdateKind.Modify)
        {
            Assert.True(_entries.ContainsKey(entry.Key));
            _entries[entry.Key] = entry;
        }
        else if (!_entries.Remove(entry.Key))
        {
            return new WriteOutcome(WriteStatus.NotFound, "no such entry");
        }

        Assert.All(Numbers.Where(number => IndexOf(number) != 0), number => Assert.Contains(Finishes, finish => Index(finish.Match[0]) == IndexOf(number)));
        return WriteOutcome.Success;
    }

    /// <summary>The number of a connection; 0 is none.</summary>
    public static UInt128 IndexOf(TableEntry number) => ((ActionCall)number.Action)[ParameterNames.Index];

    private static UInt128 Index(FieldMatch match) => ((FieldMatch.Exact)match).Value;
}
