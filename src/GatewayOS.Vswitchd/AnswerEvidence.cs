using System.Runtime.InteropServices;
using GatewayOS.Connections;

namespace GatewayOS.Vswitchd;

/// <summary>Finds out which UDP and ICMP connections of the userspace datapath were answered, which its dump does not tell.</summary>
/// <remarks>
/// OVN treats a connection as new until an answer was seen, so this must be known, not guessed. What the dump tells is when a connection
/// will end, and each packet sets that: to now + 60 s before an answer, to now + 30 s after it (conntrack-other.c, conntrack-icmp.c). Hence it was answered if
/// <list type="number">
/// <item>it is new since the last dump or its end moved since an earlier one, so a packet came, and yet it ends sooner than that packet allows to one unanswered; or</item>
/// <item>it has longer to live than any unanswered one can, where the timeouts are set so.</item>
/// </list>
/// What was answered stays so while it has no longer to live than an answered one can: with longer it is another connection with the same
/// tuple. Timeouts that are too close together to tell the two apart leave only what each dump proves by itself; equal ones prove nothing.
/// </remarks>
/// <param name="timeouts">Those that are in force.</param>
internal sealed class AnswerEvidence(UserspaceTimeouts timeouts)
{
    private static readonly TimeSpan s_resolution = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();

    private Dictionary<(ushort Zone, ConnectionTuple Original), Knowledge> _before = [];
    private Dictionary<(ushort Zone, ConnectionTuple Original), Knowledge> _now = [];
    private TimeSpan? _lastAsked;
    private TimeSpan? _begun;
    private TimeSpan _asked;
    private TimeSpan _told;

    /// <summary>A complete dump was asked for and told between these moments, on a clock that does not go back.</summary>
    public void Begin(TimeSpan asked, TimeSpan told)
    {
        _lastAsked = _begun;
        _begun = asked;
        lock (_lock)
        {
            (_before, _now) = (_now, _before);
            _now.Clear();
        }

        (_asked, _told) = (asked, told);
    }

    /// <returns>The reading with the status that follows.</returns>
    public ConnectionEntry Judge(ConnectionEntry entry)
    {
        var connection = entry.Connection;
        if (connection.Original.Protocol is TransportProtocol.Tcp || entry.Timeout is not { } left)
        {
            return entry;
        }

        // The dump rounds down to seconds, and was made at some moment between asking and being told.
        var (earliest, latest) = (_asked + left, _told + left + s_resolution);
        var (shortest, longest, answered) = timeouts.Of(connection.Original.Protocol);
        var key = (connection.Zone, connection.Original);
        var isKnown = _before.TryGetValue(key, out var known);
        // The packet that set this end came after this moment; null when there was none that we know of.
        var since = !isKnown ? _lastAsked : earliest > known.Latest || latest < known.Earliest ? known.Since : null;
        var wouldShow = _lastAsked is { } last && shortest - (_told - last) - s_resolution > answered;
        var isNow = left > longest
            || (since is { } moment && latest < moment + shortest)
            || (isKnown && known.IsAnswered && wouldShow && left <= answered);

        // Packets in quick succession move the end by less than can be seen at once, so it is compared with an older one; not with one so old that it proves nothing.
        var isFresh = isKnown && since is null && _asked - known.Since < (shortest - answered) / 2;
        lock (_lock)
        {
            _now[key] = isFresh ? known with { IsAnswered = isNow } : new Knowledge(earliest, latest, _asked, isNow);
        }

        return isNow ? entry with { Connection = connection with { Status = connection.Status | ConnectionStatus.SeenReply } } : entry;
    }

    /// <summary>Whether a UDP or ICMP connection surely lives at a moment, by the dumps up to then. May be asked from anywhere.</summary>
    public bool Lives(Connection connection, TimeSpan moment)
    {
        var key = (connection.Zone, connection.Original);
        lock (_lock)
        {
            return (_now.TryGetValue(key, out var known) || _before.TryGetValue(key, out known)) && known.Earliest > moment;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Knowledge(TimeSpan Earliest, TimeSpan Latest, TimeSpan Since, bool IsAnswered);
}
