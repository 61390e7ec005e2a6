using System.Collections.Concurrent;
using GatewayOS.Connections;
using GatewayOS.Control.Running;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>Keeps alive, where they are tracked, the connections whose packets the device forwards; what could end there unseen is left to OVS first.</summary>
/// <remarks>
/// <code>
///   written --packets--> refreshed in the tracker --silence--> resting: OVS has the packets --a packet--> known to the tracker still? --> the device has them again
/// </code>
/// The device tells which entries no packet has met for a while (P4Runtime 1.5, 9.1.8); all others are in use. New ones are idle until their first packet: a silent connection that is written anew is not prolonged. Of the idle ones the counter tells when packets
/// come. Who is silent rests before its tracker can forget it: so the packet that ends a silence is judged by the tracker, as without a device. The same
/// happens to TCP where the tracker cannot be shown a segment, once in its timeout. A connection that stays silent ends by the tracker's own timeout, and then its entries go.
/// </remarks>
/// <param name="options">The time between two looks.</param>
/// <param name="time">The clock.</param>
public sealed class ConnectionActivity(OffloadOptions options, TimeProvider time)
{
    private readonly ConcurrentQueue<EntryKey> _reported = new();
    private readonly HashSet<EntryKey> _idle = [];
    private long _lastRefresh = time.GetTimestamp();

    /// <exception cref="OperationCanceledException">The token was cancelled: the only end.</exception>
    public async Task FollowAsync(IdleEntries idle, CancellationToken token)
    {
        await foreach (var entries in idle.FollowAsync(token))
        {
            Report(entries);
        }
    }

    /// <summary>The device says that no packet came.</summary>
    public void Report(IEnumerable<EntryKey> entries)
    {
        foreach (var entry in entries)
        {
            _reported.Enqueue(entry);
        }
    }

    /// <summary>Takes note of what is idle, and refreshes the others when it is time.</summary>
    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task LookAsync(ConnectionKeeper keeper, IDeviceConnections device, IConnectionKeepAlive keepAlive, CancellationToken token)
    {
        var fresh = keeper.Writer.TakeFresh();
        _idle.UnionWith(fresh);
        foreach (var written in fresh.Select(keeper.Writer.Find).OfType<WrittenConnection>())
        {
            // What the tracker has told of just now, unless it is on the device for a second time.
            written.Known ??= time.GetTimestamp();
        }

        while (_reported.TryDequeue(out var entry))
        {
            // Whatever came before the report was not lately.
            _idle.Add(entry);
            if (keeper.Writer.Find(entry) is { } written)
            {
                written.IdleSince = null;
            }
        }

        _idle.RemoveWhere(entry => keeper.Writer.Find(entry) is null or { Rest: not null });
        await CountAsync(keeper, device, [.. fresh.Where(entry => keeper.Writer.Find(entry) is { Rest: null, IdleSince: null })], token);
        if (time.GetElapsedTime(_lastRefresh) > options.KeepAlive)
        {
            await CountAsync(keeper, device, _idle, token);
            _lastRefresh = time.GetTimestamp();
            await RefreshAsync(keeper, device, keepAlive, token);
        }
    }

    private async Task CountAsync(ConnectionKeeper keeper, IDeviceConnections device, HashSet<EntryKey> entries, CancellationToken token)
    {
        if (entries.Count == 0)
        {
            return;
        }

        foreach (var (key, value) in await device.ReadCountersAsync(entries, token))
        {
            var written = keeper.Writer.Find(key)!;
            var isIdle = written.IdleSince is not { } before || before == value.Packets;
            written.IdleSince = isIdle ? value.Packets : null;
            _ = isIdle ? _idle.Add(key) : _idle.Remove(key);
        }
    }

    private async Task RefreshAsync(ConnectionKeeper keeper, IDeviceConnections device, IConnectionKeepAlive keepAlive, CancellationToken token)
    {
        var active = keeper.Writer.Written.Where(written => written is { Rest: null, IdleSince: null } && keepAlive.Refreshes(written.Packets.Tuple.Protocol))
            .Select(written => (Written: written, Connections: keeper.RefreshedBy(written.Packets).ToList())).ToList();
        // Both directions pass the same connections: each is kept alive once.
        var refreshed = (await keepAlive.RefreshAsync([.. active.SelectMany(one => one.Connections).DistinctBy(Name)], token)).Select(Name).ToHashSet();
        bool AreKnown(IEnumerable<Connection> connections) => connections.All(connection => refreshed.Contains(Name(connection)) || keepAlive.TimeoutOf(connection) is null);
        foreach (var (written, connections) in active.Where(one => AreKnown(one.Connections)))
        {
            written.Known = _lastRefresh;
        }

        var silent = new List<WrittenConnection>();
        foreach (var written in keeper.Writer.Written.Where(written => written.Rest is null && written.Known != _lastRefresh))
        {
            written.Timeout ??= keeper.RefreshedBy(written.Packets).Min(keepAlive.TimeoutOf) ?? TimeSpan.MaxValue;
            if (time.GetElapsedTime(written.Known!.Value, _lastRefresh) < written.Timeout - (2 * options.KeepAlive))
            {
                continue;
            }

            if (keepAlive.Refreshes(written.Packets.Tuple.Protocol) && AreKnown(keeper.RefreshedBy(written.Packets)))
            {
                // The other direction is not silent.
                written.Known = _lastRefresh;
            }
            else
            {
                silent.Add(written);
            }
        }

        await keeper.Writer.RestAsync(device, silent, token);
    }

    private static (ushort Zone, ConnectionTuple Original) Name(Connection connection) => (connection.Zone, connection.Original);
}
