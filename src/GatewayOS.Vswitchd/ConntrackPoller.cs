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

    /// <summary>How long a packet that is shown to the tracker may take until it gets there, on a machine that is busy with something else.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(5);

    private readonly AnswerEvidence _evidence = new(timeouts);
    private readonly long _start = time.GetTimestamp();

    /// <summary>What the last dump took.</summary>
    public TimeSpan LastDump { get; private set; }

    /// <summary>Whether a UDP or ICMP connection will surely live for a moment longer, so that it can be prolonged.</summary>
    /// <remarks>
    /// QUIRK(ovs-vswitchd before 3.1.3): a packet of a connection that has expired and is not yet removed, which takes up to 20 s, ends ovs-vswitchd where the zone does not translate (lib/conntrack.c, conn_update_state: assertion of
    /// CT_CONN_TYPE_DEFAULT). Such a packet must not be ours. Elsewhere it would have no effect.
    /// </remarks>
    public bool Lives(Connection connection) => _evidence.Lives(connection, time.GetElapsedTime(_start) + s_margin);

    /// <inheritdoc/>
    /// <exception cref="UnixctlException">The daemon does not answer; what was told may be wrong from now on.</exception>
    public async IAsyncEnumerable<ConnectionNews> FollowAsync([EnumeratorCancellation] CancellationToken token)
    {
        var reason = DumpReason.Start;
        while (true)
        {
            var asked = time.GetElapsedTime(_start);
            var entries = await conntrack.DumpAsync(zone: null, token);
            var told = time.GetElapsedTime(_start);
            _evidence.Begin(asked, told);
            yield return new ConnectionNews.DumpBegan(reason);
            foreach (var some in entries.Chunk(ListLength))
            {
                yield return new ConnectionNews.Listed(some.Select(_evidence.Judge).ToEquatableArray());
            }

            yield return new ConnectionNews.DumpEnded();
            reason = DumpReason.Polled;
            LastDump = told - asked;
            await Task.Delay(pace.PauseAfter(LastDump), time, token);
        }
    }
}
