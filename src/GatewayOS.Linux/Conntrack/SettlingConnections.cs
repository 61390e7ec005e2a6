using System.Runtime.InteropServices;
using GatewayOS.Connections;

namespace GatewayOS.Linux.Conntrack;

/// <summary>Which connections to look at again, and when: those that are about to be established.</summary>
/// <remarks>
/// Open vSwitch asks the kernel for events NEW, DESTROY, MARK and LABEL of its connections only (OVS_CT_EVENTMASK_DEFAULT), so nobody tells
/// that an answer was seen or a handshake is complete. A connection is looked at after 10 ms, and after each miss twice as long, up to
/// about 2.5 s; then the next dump has to do. It is bounded, so a flood of connections that never answer costs no more than it may.
/// </remarks>
internal sealed class SettlingConnections
{
    private const int Attempts = 8;

    private readonly PriorityQueue<Waiting, TimeSpan> _queue = new();
    private readonly HashSet<(ushort Zone, ConnectionTuple Original, uint Id)> _queued = [];

    public const int Limit = 1 << 15;

    public static TimeSpan First { get; } = TimeSpan.FromMilliseconds(10);

    public int Count => _queued.Count;

    /// <summary>When the next look is due; null when nothing waits.</summary>
    public TimeSpan? Due => _queue.TryPeek(out _, out var due) ? due : null;

    /// <summary>Takes in what the kernel told of a connection, unless it waits already.</summary>
    /// <param name="connection">As it is now.</param>
    /// <param name="now">On any clock that does not go back.</param>
    public void Consider(Connection connection, TimeSpan now)
    {
        var key = (connection.Zone, connection.Original, connection.Id);
        if (OffloadObstacles.Passes(OffloadObstacles.Of(connection)) && !IsClosing(connection) && _queued.Count < Limit && _queued.Add(key))
        {
            _queue.Enqueue(new Waiting(key, 0), now + First);
        }
    }

    /// <summary>Looks again at what is due.</summary>
    /// <param name="now">The time of <see cref="Consider"/>'s clock.</param>
    /// <param name="budget">Looks at most.</param>
    /// <param name="look">Finds a connection; null when there is none.</param>
    /// <returns>What was found, settled or not.</returns>
    public IEnumerable<ConnectionEntry> Look(TimeSpan now, int budget, Func<ushort, ConnectionTuple, ConnectionEntry?> look)
    {
        while (budget-- > 0 && _queue.TryPeek(out var waiting, out var due) && due <= now)
        {
            _queue.Dequeue();
            var found = look(waiting.Key.Zone, waiting.Key.Original);
            var (attempt, isSame) = (waiting.Attempt + 1, found?.Connection.Id == waiting.Key.Id);
            if (isSame && attempt < Attempts && OffloadObstacles.Passes(OffloadObstacles.Of(found!.Connection)) && !IsClosing(found.Connection))
            {
                _queue.Enqueue(new Waiting(waiting.Key, attempt), now + First * (1 << attempt));
            }
            else
            {
                _queued.Remove(waiting.Key);
            }

            if (isSame)
            {
                yield return found!;
            }
        }
    }

    private static bool IsClosing(Connection connection) => connection.Tcp is { Original: > TcpState.Established and not TcpState.SimultaneousOpen };

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Waiting((ushort Zone, ConnectionTuple Original, uint Id) Key, int Attempt);
}
