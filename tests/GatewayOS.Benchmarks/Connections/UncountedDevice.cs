using GatewayOS.Connections;
using GatewayOS.Control.Tracking;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Benchmarks.Connections;

/// <summary>A device that takes everything and keeps nothing: what is measured is the agent.</summary>
/// <param name="written">Told of the packets that a new entry is for.</param>
internal sealed class UncountedDevice(Action<ConnectionTuple>? written = null) : IDeviceConnections
{
    public Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token) => Task.FromResult<IReadOnlyCollection<TableEntry>>([]);

    public Task<IReadOnlyCollection<TableEntry>> ReadConnectionsAsync(CancellationToken token) => ReadAsync(token);

    public Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token) =>
        Task.FromResult<IReadOnlyDictionary<EntryKey, CounterValue>>(new Dictionary<EntryKey, CounterValue>());

    public Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token)
    {
        if (written is not null)
        {
            foreach (var entry in updates.Where(update => update.Kind == UpdateKind.Insert).Select(update => update.Entity).OfType<TableEntry>().Where(entry => entry.Table == TableNames.Connection4))
            {
                written(TupleOf(entry));
            }
        }

        return Task.FromResult<IReadOnlyList<WriteOutcome>>([.. updates.Select(_ => WriteOutcome.Success)]);
    }

    private static ConnectionTuple TupleOf(TableEntry entry)
    {
        return new ConnectionTuple(false, (TransportProtocol)(byte)Key(KeyNames.Proto), Key(KeyNames.Src), Key(KeyNames.Dst), (ushort)Key(KeyNames.Sport), (ushort)Key(KeyNames.Dport));

        UInt128 Key(string field) => entry.Match.OfType<FieldMatch.Exact>().Single(match => match.Field == field).Value;
    }
}
