using GatewayOS.Compiler.Tracking;

namespace GatewayOS.Control.Tracking;

/// <summary>Connections whose mark or label will change with the next packet of some direction: that one is left to OVS, so that the others have to be too.</summary>
/// <remarks>An ACL that begins to forbid an established connection does so by its label (ovn-northd(8), ct_label.blocked): the first packet against it ends the answers as well, at once.</remarks>
internal sealed class ChangingConnections
{
    private readonly Dictionary<ConntrackQuestion, HashSet<ConntrackQuestion>> _byConnection = [];
    private readonly Dictionary<ConntrackQuestion, HashSet<ConntrackQuestion>> _byDirection = [];

    /// <param name="connection">By its zone and first direction.</param>
    /// <param name="except">A direction that does not count.</param>
    public bool Contains(ConntrackQuestion connection, ConntrackQuestion? except) =>
        _byConnection.TryGetValue(connection, out var directions) && directions.Any(direction => direction != except);

    /// <summary>Takes in what packets of a direction change.</summary>
    /// <returns>The connections for which that is news.</returns>
    public IReadOnlyCollection<ConntrackQuestion> Set(ConntrackQuestion direction, IEnumerable<ConntrackQuestion> connections)
    {
        var before = _byDirection.GetValueOrDefault(direction) ?? [];
        var now = connections.ToHashSet();
        foreach (var connection in before.Except(now))
        {
            if (_byConnection[connection].Remove(direction) && _byConnection[connection].Count == 0)
            {
                _byConnection.Remove(connection);
            }
        }

        foreach (var connection in now.Except(before))
        {
            if (!_byConnection.TryGetValue(connection, out var directions))
            {
                _byConnection.Add(connection, directions = []);
            }

            directions.Add(direction);
        }

        if (now.Count == 0)
        {
            _byDirection.Remove(direction);
        }
        else
        {
            _byDirection[direction] = now;
        }

        return [.. before.Except(now), .. now.Except(before)];
    }
}
