using GatewayOS.P4Runtime;

namespace GatewayOS.Control.Tracking;

/// <summary>Gives connections back to the device when packets come again and the tracker has shown that it knows them.</summary>
/// <remarks>
/// The packet that ends a silence passes OVS. What its tracker makes of it (that the connection had ended, say) is told after that: with events by the look after the next, else when
/// everything was listed that was asked for after this one. Listings may wait to be taken in, hence two of them, from a look later on.
/// </remarks>
/// <param name="time">The clock.</param>
public sealed class RestingConnections(TimeProvider time)
{
    /// <summary>Between two looks at few.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>Entries that are read a second at most.</summary>
    private const double ReadRate = 10_000;

    private const int FreshListings = 2;

    private long _last = time.GetTimestamp();

    /// <exception cref="P4RuntimeException">The device is gone.</exception>
    public async Task LookAsync(ConnectionKeeper keeper, IDeviceConnections device, IConnectionKeepAlive keepAlive, CancellationToken token)
    {
        var pause = TimeSpan.FromSeconds(Math.Max(Pause.TotalSeconds, keeper.Writer.Resting.Count / ReadRate));
        if (keeper.Writer.Resting.Count == 0 || time.GetElapsedTime(_last) < pause)
        {
            return;
        }

        var before = _last;
        _last = time.GetTimestamp();
        var known = new List<WrittenConnection>();
        foreach (var written in keeper.Writer.Resting)
        {
            var rest = written.Rest!;
            if (rest.Listings is { } listings && (keepAlive.HasEvents || keeper.Listings >= listings + FreshListings))
            {
                known.Add(written);
            }
            else if (rest.Met is not null)
            {
                rest.Listings ??= keeper.Listings;
            }
        }

        await keeper.Writer.WakeAsync(device, known, token);
        var silent = keeper.Writer.Resting.Where(written => written.Rest is { Met: null }).Select(written => written.Number.Key).ToList();
        foreach (var (key, value) in await device.ReadCountersAsync(silent, token))
        {
            var rest = keeper.Writer.Find(key)!.Rest!;
            rest.Met = rest.Packets is { } packets && packets != value.Packets ? before : null;
            rest.Packets ??= value.Packets;
        }
    }
}
