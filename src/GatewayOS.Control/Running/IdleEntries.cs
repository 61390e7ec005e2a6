using System.Runtime.CompilerServices;
using System.Threading.Channels;
using GatewayOS.P4;

namespace GatewayOS.Control.Running;

/// <summary>The entries that the device reported as idle, until someone has taken them: a stream for whoever manages connections.</summary>
/// <remarks>
/// An entry is pending once however often a device reports it, so this is never longer than the device's tables. An entry that a packet hits after
/// the report is still told: its counter says whether it is idle.
/// </remarks>
public sealed class IdleEntries
{
    private readonly Lock _lock = new();
    private readonly Channel<bool> _reported = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private HashSet<EntryKey> _pending = [];

    public void Report(IEnumerable<EntryKey> entries)
    {
        lock (_lock)
        {
            _pending.UnionWith(entries);
        }

        _reported.Writer.TryWrite(true);
    }

    /// <summary>What is reported, in batches as it comes. It ends only by the token; one reader.</summary>
    public async IAsyncEnumerable<IReadOnlyCollection<EntryKey>> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        await foreach (var _ in _reported.Reader.ReadAllAsync(token))
        {
            HashSet<EntryKey> taken;
            lock (_lock)
            {
                (taken, _pending) = (_pending, []);
            }

            // Two reports may have been taken at once.
            if (taken.Count > 0)
            {
                yield return taken;
            }
        }
    }
}
