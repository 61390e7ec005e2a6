using System.Collections.Concurrent;
using GatewayOS.Control.Running;
using GatewayOS.P4;
using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>Keeps alive, where they are tracked, the connections whose packets the device forwards.</summary>
/// <remarks>
/// The device tells which entries no packet has met for a while (P4Runtime 1.5, 9.1.8); all others are in use. Of the idle ones the counter tells when packets
/// come again. A connection that stays idle ends by the tracker's own timeout, and then its entries go.
/// </remarks>
internal sealed class ConnectionActivity
{
    private readonly ConcurrentQueue<EntryKey> _reported = new();
    private readonly HashSet<EntryKey> _idle = [];

    /// <exception cref="OperationCanceledException">The token was cancelled: the only end.</exception>
    public async Task FollowAsync(IdleEntries idle, CancellationToken token)
    {
        await foreach (var entries in idle.FollowAsync(token))
        {
            foreach (var entry in entries)
            {
                _reported.Enqueue(entry);
            }
        }
    }

    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task RefreshAsync(ConnectionKeeper keeper, IDeviceConnections device, IConnectionKeepAlive keepAlive, CancellationToken token)
    {
        while (_reported.TryDequeue(out var entry))
        {
            _idle.Add(entry);
        }

        _idle.UnionWith(keeper.Writer.TakeAdopted());
        _idle.RemoveWhere(entry => keeper.Writer.Find(entry) is null);
        if (_idle.Count > 0)
        {
            foreach (var (key, value) in await device.ReadCountersAsync(_idle, token))
            {
                var written = keeper.Writer.Find(key)!;
                if (written.IdleSince is { } before && before != value.Packets)
                {
                    written.IdleSince = null;
                    _idle.Remove(key);
                }
                else
                {
                    written.IdleSince = value.Packets;
                }
            }
        }

        // Both directions pass the same connections: each is kept alive once.
        await keepAlive.RefreshAsync(
            [.. keeper.Writer.Written.Where(written => written.IdleSince is null).SelectMany(written => keeper.RefreshedBy(written.Packets)).DistinctBy(connection => (connection.Zone, connection.Original))],
            token);
    }
}
