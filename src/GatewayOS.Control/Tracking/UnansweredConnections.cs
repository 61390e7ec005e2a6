using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>That there are connections which nobody has answered, and no more of them: a flood of first packets must not take the room of live connections.</summary>
/// <param name="limit">How many are known at most; beyond, it is known that there are others.</param>
internal sealed class UnansweredConnections(int limit)
{
    // Whether a packet of this tuple is of the first direction of a connection that does nothing with it.
    private Dictionary<ConntrackQuestion, bool> _known = [], _listed = [];
    private bool _isFull, _listsTooMany, _isListing;

    public int Count { get; private set; }

    /// <summary>Whether all are known.</summary>
    public bool IsComplete => !_isFull;

    public bool Contains(ConntrackQuestion question) => _known.ContainsKey(question);

    /// <summary>Whether it is the first direction of a connection that translates nothing, and has neither mark nor label.</summary>
    public bool IsPlain(ConntrackQuestion question) => _known.GetValueOrDefault(question);

    /// <returns>The tuples that were not known before, or otherwise.</returns>
    public IEnumerable<ConntrackQuestion> Add(Connection connection)
    {
        var fresh = new List<ConntrackQuestion>(2);
        var isPlain = connection is { IsTranslated: false, Mark: 0 } && connection.Labels == 0 && !connection.Has(ConnectionStatus.Expected)
            && OffloadObstacles.Of(connection) == OffloadObstacle.Unanswered;
        foreach (var question in Questions(connection))
        {
            var isPlainHere = isPlain && question.Tuple == connection.Original;
            if (_isListing)
            {
                _listsTooMany |= _listed.Count >= 2L * limit;
                if (!_listsTooMany)
                {
                    _listed[question] = isPlainHere;
                }
            }

            var isKnown = _known.TryGetValue(question, out var wasPlain);
            _isFull |= _known.Count >= 2L * limit && !isKnown;
            if (isKnown ? wasPlain != isPlainHere : !_isFull)
            {
                _known[question] = isPlainHere;
                fresh.Add(question);
            }
        }

        Count = (_known.Count + 1) / 2;
        return fresh;
    }

    public void Remove(Connection connection)
    {
        foreach (var question in Questions(connection))
        {
            _known.Remove(question);
            _listed.Remove(question);
        }

        Count = (_known.Count + 1) / 2;
    }

    public void BeginList() => (_listed, _listsTooMany, _isListing) = ([], false, true);

    /// <returns>What was not listed, so is no more.</returns>
    public IReadOnlyCollection<ConntrackQuestion> EndList()
    {
        ConntrackQuestion[] gone = [.. _known.Keys.Where(question => !_listed.ContainsKey(question))];
        (_known, _listed, _isFull, _isListing) = (_listed, [], _listsTooMany, false);
        Count = (_known.Count + 1) / 2;
        return gone;
    }

    private static ConntrackQuestion[] Questions(Connection connection) =>
        [new(connection.Zone, connection.Original), new(connection.Zone, connection.Reply)];
}
