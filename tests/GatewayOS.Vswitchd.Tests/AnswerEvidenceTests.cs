using CsCheck;
using GatewayOS.Connections;

namespace GatewayOS.Vswitchd.Tests;

/// <summary>Against a model of the tracker: the end is set by each packet, and the dump tells it in whole seconds.</summary>
public sealed class AnswerEvidenceTests
{
    private static readonly ConnectionTuple s_tuple = new(false, TransportProtocol.Udp, 1, 2, 3, 4);

    [Fact]
    public void An_answer_that_moves_the_end_back_is_seen()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        Assert.Equal([false, true, true, true], Judge(evidence, (0, 59), (1, 29), (2, 28), (3, 27)));
    }

    [Fact]
    public void A_connection_that_is_new_since_the_last_dump_and_ends_soon_was_answered()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        Assert.Equal([null, true], Judge(evidence, (0, null), (1, 29)));
    }

    [Fact]
    public void One_found_at_the_start_is_known_after_packets_however_often_it_is_looked_at()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        var judged = Judge(evidence, [.. Enumerable.Range(0, 20).Select(i => (i * 0.25, (int?)29))]);
        Assert.False(judged[0]);
        Assert.True(judged[^1]);
        Assert.True(judged.SkipWhile(it => it == false).All(it => it == true));
    }

    [Fact]
    public void One_that_idles_toward_its_end_proves_nothing()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        Assert.All(Judge(evidence, [.. Enumerable.Range(0, 60).Select(i => ((double)i, (int?)(59 - i)))]), Assert.False);
    }

    [Fact]
    public void Another_connection_with_the_same_tuple_is_new_again()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        Assert.Equal([false, true, false, true], Judge(evidence, (0, 59), (1, 29), (2, 59), (3, 29)));
    }

    [Fact]
    public void Timeouts_that_are_longer_after_an_answer_tell_it_at_once()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default with { UdpMultiple = TimeSpan.FromSeconds(300) });
        Assert.Equal([false, true, false], Judge(evidence, (0, 59), (1, 299), (240, 60)));
    }

    [Theory]
    [InlineData(1.0, 11.9, true)]
    [InlineData(1.0, 12.0, false)]
    public void What_the_last_dump_has_not_told_to_live_may_have_expired(double asked, double moment, bool lives)
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        var connection = Entry(1).Connection;
        Judge(evidence, (0, 12), (asked, 11));
        Assert.Equal(lives, evidence.Lives(connection, TimeSpan.FromSeconds(moment)));
        Assert.False(evidence.Lives(connection with { Zone = 6 }, TimeSpan.FromSeconds(asked)));
    }

    [Fact]
    public void Of_one_that_is_no_longer_listed_counts_what_was_told_last()
    {
        var evidence = new AnswerEvidence(UserspaceTimeouts.Default);
        var connection = Entry(1).Connection;
        Judge(evidence, (0, 5), (6, null));
        Assert.False(evidence.Lives(connection, TimeSpan.FromSeconds(6)));
    }

    /// <summary>Never answered before an answer, whatever packets come and whenever it is looked at.</summary>
    [Fact]
    public void It_is_never_wrong() => (
        from first in Gen.Int[20, 90]
        from single in Gen.Int[20, 90]
        from multiple in Gen.Int[10, 200]
        from steps in Gen.Select(Gen.Int[1, 12_000], Gen.Int[0, 400], Gen.Int[0, 9]).List[1, 60]
        select (first, single, multiple, steps)).Sample(it =>
    {
        var timeouts = new UserspaceTimeouts
        {
            UdpFirst = TimeSpan.FromSeconds(it.first),
            UdpSingle = TimeSpan.FromSeconds(it.single),
            UdpMultiple = TimeSpan.FromSeconds(it.multiple),
        };
        var evidence = new AnswerEvidence(timeouts);
        var (now, end, isThere, isAnswered) = (0L, 0L, false, false);
        foreach (var (pause, duration, kind) in it.steps)
        {
            now += pause;
            isThere &= end > now;
            switch (kind)
            {
                case 0: isThere = false; break; // flushed
                case < 4: // a packet of the one that opens, or opened, it
                    isAnswered &= isThere;
                    end = now + 1000 * (!isThere ? it.first : isAnswered ? it.multiple : it.single);
                    isThere = true;
                    break;
                case < 6 when isThere: (isAnswered, end) = (true, now + 1000 * it.multiple); break;
                default: break;
            }

            // A dump begins, is made somewhere within, and is told.
            var made = now + duration / 2;
            evidence.Begin(TimeSpan.FromMilliseconds(now), TimeSpan.FromMilliseconds(now + duration));
            if (isThere && end > made)
            {
                var told = evidence.Judge(Entry((int)((end - made) / 1000))).Connection.Has(ConnectionStatus.SeenReply);
                if (told && !isAnswered)
                {
                    return false;
                }
            }

            now += duration;
        }

        return true;
    });

    private static ConnectionEntry Entry(int left) =>
        new(new Connection(5, s_tuple, s_tuple.Reversed) { Status = ConnectionStatus.Confirmed }) { Timeout = TimeSpan.FromSeconds(left) };

    /// <summary>Dumps at these seconds with this time left; null when the connection is not there.</summary>
    private static List<bool?> Judge(AnswerEvidence evidence, params (double At, int? Left)[] dumps)
    {
        var judged = new List<bool?>();
        foreach (var (at, left) in dumps)
        {
            evidence.Begin(TimeSpan.FromSeconds(at), TimeSpan.FromSeconds(at + 0.01));
            judged.Add(left is { } it ? evidence.Judge(Entry(it)).Connection.Has(ConnectionStatus.SeenReply) : null);
        }

        return judged;
    }
}
