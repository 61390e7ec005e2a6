using System.Runtime.CompilerServices;
using GatewayOS.Connections;
using GatewayOS.Core;

namespace GatewayOS.Vswitchd;

/// <summary>Tells the connections of the userspace datapath, which has no events: by listing all of them, as often as the pace allows.</summary>
/// <remarks>A connection that begins and ends between two dumps is never told, and one that was replaced by another with the same tuple is told as changed.</remarks>
/// <param name="conntrack">What to list.</param>
/// <param name="pace">How often.</param>
/// <param name="timeouts">Those in force, which tell what was answered.</param>
/// <param name="time">The clock.</param>
public sealed class ConntrackPoller(DatapathConntrack conntrack, DumpPace pace, UserspaceTimeouts timeouts, TimeProvider time) : IConnectionSource
{
    private const int ListLength = 512;

    /// <summary>What the last dump took.</summary>
    public TimeSpan LastDump { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="UnixctlException">The daemon does not answer; what was told may be wrong from now on.</exception>
    public async IAsyncEnumerable<ConnectionNews> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        var evidence = new AnswerEvidence(timeouts);
        var start = time.GetTimestamp();
        var reason = DumpReason.Start;
        while (true)
        {
            var asked = time.GetElapsedTime(start);
            var entries = await conntrack.DumpAsync(zone: null, token);
            var told = time.GetElapsedTime(start);
            evidence.Begin(asked, told);
            yield return new ConnectionNews.DumpBegan(reason);
            foreach (var some in entries.Chunk(ListLength))
            {
                yield return new ConnectionNews.Listed(some.Select(evidence.Judge).ToEquatableArray());
            }

            yield return new ConnectionNews.DumpEnded();
            reason = DumpReason.Polled;
            LastDump = told - asked;
            await Task.Delay(pace.PauseAfter(LastDump), time, token);
        }
    }
}
