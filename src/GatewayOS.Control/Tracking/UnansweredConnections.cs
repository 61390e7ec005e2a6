using GatewayOS.Compiler.Tracking;
using GatewayOS.Connections;

namespace GatewayOS.Control.Tracking;

/// <summary>That there are connections which nobody has answered, and no more of them: a flood of first packets must not take the room of live connections.</summary>
/// <param name="limit">How many are known at most; beyond, it is known that there are others.</param>
internal sealed class UnansweredConnections(int limit)
{
    private HashSet<ConntrackQuestion> _known = [], _listed = [];
    private bool _isFull, _listsTooMany, _isListing;

    public int Count { get; private set; }

    /// <summary>Whether all are known.</summary>
    public bool IsComplete => !_isFull;

    public bool Contains(ConntrackQuestion question) => _known.Contains(question);

    /// <returns>The tuples that were not known before.</returns>
    public IEnumerable<ConntrackQuestion> Add(Connection connection)
    {
        var fresh = new List<ConntrackQuestion>(2);
        foreach (var question in Questions(connection))
        {
            if (_isListing)
            {
                _listsTooMany |= _listed.Count >= 2L * limit;
                _ = _listsTooMany || _listed.Add(question);
            }

            _isFull |= _known.Count >= 2L * limit && !_known.Contains(question);
            if (!_isFull && _known.Add(question))
            {
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
        _known.ExceptWith(_listed);
        var gone = _known;
        (_known, _listed, _isFull, _isListing) = (_listed, [], _listsTooMany, false);
        Count = (_known.Count + 1) / 2;
        return gone;
    }

    private static ConntrackQuestion[] Questions(Connection connection) =>
        [new(connection.Zone, connection.Original), new(connection.Zone, connection.Reply)];
}
