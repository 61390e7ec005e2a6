using GatewayOS.Control.Tracking;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Running;

/// <summary>A P4Runtime session as the reconciler sees it.</summary>
public sealed class P4RuntimeDevice(P4RuntimeSession session) : IDeviceConnections
{
    private static readonly string[] s_connections = [TableNames.Connection4, TableNames.Connection6, TableNames.ConnectionEdit];

    /// <inheritdoc/>
    /// <remarks>But those of connections, which somebody else keeps.</remarks>
    public async Task<IReadOnlyCollection<TableEntry>> ReadAsync(CancellationToken token)
    {
        var entries = new List<TableEntry>();
        var meters = new SortedSet<uint>();
        await foreach (var (entry, _) in session.ReadEntriesAsync(null, counters: false, token))
        {
            meters.UnionWith(Metering.Of(entry));
            // Constant entries of other tables belong to the program.
            if (Pipeline.TablesByName.ContainsKey(entry.Table) && !s_connections.Contains(entry.Table))
            {
                entries.Add(entry);
            }
        }

        await foreach (var group in session.ReadMulticastGroupsAsync(token))
        {
            entries.Add(Replication.EntryOf(group));
        }

        // One that no entry names is as good as none.
        entries.AddRange((await session.ReadMetersAsync(MeterNames.Meters, meters, token)).Select(Metering.EntryOf));
        return entries;
    }

    public async Task<IReadOnlyCollection<TableEntry>> ReadConnectionsAsync(CancellationToken token)
    {
        var entries = new List<TableEntry>();
        foreach (var table in s_connections)
        {
            await foreach (var (entry, _) in session.ReadEntriesAsync(table, counters: false, token))
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(IReadOnlyList<EntityUpdate> updates, CancellationToken token) =>
        await session.WriteAsync([.. updates.Select(update => update.Entity is TableEntry entry ? update with { Entity = EntryForm.EntityOf(entry) } : update)], token);

    public async Task<IReadOnlyDictionary<EntryKey, CounterValue>> ReadCountersAsync(IReadOnlyCollection<EntryKey> keys, CancellationToken token)
    {
        var values = new Dictionary<EntryKey, CounterValue>();
        foreach (var part in keys.Where(key => EntryForm.IsOfProgram(key)).Chunk(P4RuntimeSession.BatchLength))
        {
            await foreach (var (entry, hits) in session.ReadEntriesAsync(part, token))
            {
                if (hits is { } value)
                {
                    values[entry.Key] = value;
                }
            }
        }

        return values;
    }
}
