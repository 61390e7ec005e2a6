using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;
using GatewayOS.Connections.Tracking;
using GatewayOS.Core;
using GatewayOS.Ovn;

namespace GatewayOS.Control.Tracking;

/// <summary>Decides which connections the device shall have.</summary>
/// <remarks>
/// <code>
///   news --> tracker --> who asked for it --+
///   compiled anew --> what it concerns -----+--> in doubt --> evaluated --> withdrawn (before the configuration is written) | written (after it)
/// </code>
/// An entry is there only while the evaluation of now gives it, in the state and with the output it names (invariants I2, I5). One caller at a time.
/// </remarks>
/// <param name="compiler">Evaluates.</param>
/// <param name="options">Limits.</param>
public sealed class ConnectionKeeper(ConnectionCompiler compiler, OffloadOptions options) : IConntrack
{
    /// <summary>Evaluated at most in one round, so that a flood of connections does not hold up the configuration.</summary>
    private const int RoundLimit = 1000;

    private readonly ConnectionTracker _tracker = new(options.Limit);
    private readonly DirectionIndex _directions = new();
    private readonly HashSet<ConntrackQuestion> _inDoubt = [];
    private readonly Queue<ConntrackQuestion> _order = new();
    private readonly UnansweredConnections _unanswered = new(options.Limit);
    private readonly ChangingConnections _changing = new();
    private ConntrackQuestion? _evaluated;
    private bool _isComplete, _isListing;

    /// <inheritdoc/>
    public ConntrackZones Zones { get; private set; } = ConntrackZones.Empty;

    /// <summary>Whether all connections have been listed once.</summary>
    public bool IsListed { get; private set; }

    /// <summary>How often all have been listed.</summary>
    public int Listings { get; private set; }

    /// <summary>What the device has of it.</summary>
    public ConnectionWriter Writer { get; } = new(compiler, options);

    /// <summary>Whether there is more to do than one round did.</summary>
    public bool HasMore => _order.Count > 0 || Writer.HasMore;

    public ConnectionCounts Counts => new(_tracker.Count, _tracker.Refused, _unanswered.Count, Writer.Count, Writer.Resting.Count, Writer.Waiting, Writer.Failed);

    /// <inheritdoc/>
    public (Connection Connection, ConnectionDirection Direction)? Find(ushort zone, in ConnectionTuple tuple) => _tracker.Find(zone, tuple);

    /// <inheritdoc/>
    public bool IsAbsent(ushort zone, in ConnectionTuple tuple) => _isComplete && !_unanswered.Contains(new ConntrackQuestion(zone, tuple));

    /// <inheritdoc/>
    public bool IsOneSided(ushort zone, in ConnectionTuple tuple) => _unanswered.IsPlain(new ConntrackQuestion(zone, tuple));

    /// <inheritdoc/>
    public bool IsChanging(Connection connection) => _changing.Contains(new ConntrackQuestion(connection.Zone, connection.Original), _evaluated);

    /// <summary>Takes in what a source tells.</summary>
    public void Apply(ConnectionNews news)
    {
        foreach (var change in _tracker.Apply(Answered(news)))
        {
            switch (change)
            {
                case ConnectionChange.Added(var connection):
                    Doubt(connection);
                    break;
                case ConnectionChange.Removed(var connection):
                    Doubt(connection);
                    break;
                case ConnectionChange.Updated(var old, var connection):
                    Doubt(old);
                    Doubt(connection);
                    break;
                default:
                    break;
            }
        }

        Conclude(news);
    }

    /// <summary>Goes to what is compiled now, and to the zones of now: what is concerned is in doubt.</summary>
    public void Follow(ConntrackZones zones)
    {
        var doubts = compiler.Follow(zones);
        Zones = zones;
        if (doubts is null)
        {
            foreach (var connection in _tracker.All)
            {
                Doubt(connection);
            }

            return;
        }

        if (doubts.IsNone)
        {
            return;
        }

        foreach (var direction in _directions.In(doubts))
        {
            // OVS has to learn again who is led back to himself, by the next packet.
            if (direction.Packets.Any(packets => doubts.Unlearn(packets.Dependencies)))
            {
                direction.Rests = true;
                Writer.Withdraw(direction);
            }

            Doubt(direction.Question);
        }

        if (doubts.Zones.Count > 0)
        {
            foreach (var connection in _tracker.All.Where(connection => doubts.Zones.Contains(connection.Zone)))
            {
                Doubt(connection);
            }
        }
    }

    /// <summary>Evaluates what is in doubt, up to a limit; what then has to go is withdrawn.</summary>
    public void Evaluate()
    {
        // What an earlier agent left can be judged only when all is known.
        for (var i = 0; (i < RoundLimit || Writer.IsAdopting) && _order.TryDequeue(out var question); i++)
        {
            _inDoubt.Remove(question);
            Evaluate(question);
        }
    }

    /// <summary>Before another configuration is written: what is still in doubt must not be on the device with it.</summary>
    public void WithdrawDoubtful()
    {
        foreach (var question in _inDoubt)
        {
            if (_directions.Find(question) is { } direction)
            {
                Writer.Withdraw(direction);
            }
        }

        Writer.WithdrawMoved(_directions.All);
    }

    /// <summary>The device is another, or another controller may have written it.</summary>
    public void Forget() => Writer.Forget(_directions.All);

    /// <summary>The connections, in all zones that they pass, of packets that the device forwards.</summary>
    public IEnumerable<Connection> ConnectionsOf(TrackedPackets packets) =>
        packets.Questions.Select(question => _tracker.Find(question.Zone, question.Tuple)?.Connection).OfType<Connection>().Distinct();

    /// <summary>Those, and connections that only these packets are seen of: a tracker would forget them.</summary>
    public IEnumerable<Connection> RefreshedBy(TrackedPackets packets) => ConnectionsOf(packets).Concat(
        packets.Questions.Where(question => IsOneSided(question.Zone, question.Tuple)).Select(question => new Connection(question.Zone, question.Tuple, question.Tuple.Reversed)));

    /// <summary>Every connection of every zone that packets ask first: what the device has of it, or why nothing.</summary>
    internal IEnumerable<(Connection Connection, TrackedDirection? Original, TrackedDirection? Reply)> All() =>
        from connection in _tracker.All
        let original = _directions.Find(new ConntrackQuestion(connection.Zone, connection.Original))
        let reply = _directions.Find(new ConntrackQuestion(connection.Zone, connection.Reply))
        where original is not null || reply is not null || compiler.AsksFirst(connection.Zone)
        select (connection, original, reply);

    // What nobody has answered is known to exist, and no more.
    private ConnectionNews Answered(ConnectionNews news)
    {
        switch (news)
        {
            case ConnectionNews.DumpBegan:
                _isListing = true;
                _unanswered.BeginList();
                return news;
            case ConnectionNews.Listed(var entries):
                return new ConnectionNews.Listed(entries.Where(entry => IsFollowed(entry.Connection)).ToEquatableArray());
            case ConnectionNews.Changed(var events):
                return new ConnectionNews.Changed(events.Where(IsFollowed).ToEquatableArray());
            default:
                return news;
        }
    }

    private bool IsFollowed(ConnectionEvent change)
    {
        switch (change)
        {
            case ConnectionEvent.Seen(var entry):
                return _tracker.Find(entry.Connection.Zone, entry.Connection.Original) is not null || IsFollowed(entry.Connection);
            case ConnectionEvent.Ended(var entry):
                _unanswered.Remove(entry.Connection);
                DoubtAskers(entry.Connection);
                return true;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, "No such event.");
        }
    }

    private bool IsFollowed(Connection connection)
    {
        if (connection.Has(ConnectionStatus.SeenReply))
        {
            _unanswered.Remove(connection);
            return true;
        }

        foreach (var fresh in _unanswered.Add(connection))
        {
            DoubtAskers(fresh);
        }

        return false;
    }

    // What is absent is so only while all there is is known.
    private void Conclude(ConnectionNews news)
    {
        if (news is ConnectionNews.DumpEnded)
        {
            (IsListed, _isListing) = (true, false);
            Listings++;
            foreach (var gone in _unanswered.EndList())
            {
                DoubtAskers(gone);
            }
        }

        var isComplete = IsListed && _tracker.IsComplete && _unanswered.IsComplete && (_isComplete || !_isListing);
        if (isComplete != _isComplete)
        {
            _isComplete = isComplete;
            foreach (var direction in _directions.All)
            {
                Doubt(direction.Question);
            }
        }
    }

    private void Doubt(Connection connection)
    {
        Ask(connection.Original);
        Ask(connection.Reply);

        void Ask(ConnectionTuple tuple)
        {
            var question = new ConntrackQuestion(connection.Zone, tuple);
            Doubt(question);
            DoubtAskers(question);
        }
    }

    private void DoubtAskers(Connection connection)
    {
        DoubtAskers(new ConntrackQuestion(connection.Zone, connection.Original));
        DoubtAskers(new ConntrackQuestion(connection.Zone, connection.Reply));
    }

    private void DoubtAskers(ConntrackQuestion question)
    {
        foreach (var asker in _directions.AskersOf(question))
        {
            Doubt(asker.Question);
        }
    }

    private void Doubt(ConntrackQuestion question)
    {
        if (_inDoubt.Add(question))
        {
            _order.Enqueue(question);
        }
    }

    private void Evaluate(ConntrackQuestion question)
    {
        var isKnown = _tracker.Find(question.Zone, question.Tuple) is var (connection, _) && OffloadObstacles.Of(connection) == OffloadObstacle.None;
        _evaluated = question;
        var packets = isKnown ? compiler.Evaluate(question, this) : [];
        _evaluated = null;
        foreach (var changed in _changing.Set(question, packets.SelectMany(some => some.Changes)))
        {
            if (_tracker.Find(changed.Zone, changed.Tuple) is var (other, _))
            {
                Doubt(other);
            }
        }

        if (packets.Count == 0)
        {
            if (_directions.Find(question) is { } gone)
            {
                Writer.Withdraw(gone);
                if (isKnown)
                {
                    // Without a way for a moment it stays what it was: when its tracker last knew it, and whether it rests.
                    _directions.Set(question, []);
                }
                else
                {
                    _directions.Remove(gone);
                }
            }

            return;
        }

        var direction = _directions.Set(question, packets);
        if (direction.Written.Count > 0 && !direction.IsWritten)
        {
            Writer.Withdraw(direction);
        }

        Writer.Want(direction);
    }
}
