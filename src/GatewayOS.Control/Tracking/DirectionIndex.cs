using GatewayOS.Compiler.Tracking;

namespace GatewayOS.Control.Tracking;

/// <summary>The directions that packets come in by, found by what their evaluation depended on.</summary>
internal sealed class DirectionIndex
{
    private readonly Dictionary<ConntrackQuestion, TrackedDirection> _byQuestion = [];
    private readonly Dictionary<ConntrackQuestion, HashSet<TrackedDirection>> _askers = [];
    private readonly Dictionary<TrackedDependencies, HashSet<TrackedDirection>> _dependents = [];

    public IReadOnlyCollection<TrackedDirection> All => _byQuestion.Values;

    public TrackedDirection? Find(ConntrackQuestion question) => _byQuestion.GetValueOrDefault(question);

    /// <summary>Those that asked conntrack this.</summary>
    public IReadOnlyCollection<TrackedDirection> AskersOf(ConntrackQuestion question) =>
        _askers.TryGetValue(question, out var askers) ? askers : [];

    /// <summary>Those that a change of the network concerns.</summary>
    public IEnumerable<TrackedDirection> In(ConnectionDoubts doubts) =>
        _dependents.Where(pair => doubts.Concern(pair.Key)).SelectMany(pair => pair.Value).Distinct();

    /// <summary>Takes in the result of an evaluation.</summary>
    public TrackedDirection Set(ConntrackQuestion question, IReadOnlyList<TrackedPackets> packets)
    {
        if (!_byQuestion.TryGetValue(question, out var direction))
        {
            _byQuestion.Add(question, direction = new TrackedDirection(question));
        }

        Leave(direction);
        direction.Packets = packets;
        foreach (var one in packets)
        {
            Add(_dependents, one.Dependencies, direction);
            foreach (var asked in one.Questions)
            {
                if (asked != question)
                {
                    Add(_askers, asked, direction);
                }
            }
        }

        return direction;
    }

    public void Remove(TrackedDirection direction)
    {
        Leave(direction);
        _byQuestion.Remove(direction.Question);
    }

    private void Leave(TrackedDirection direction)
    {
        foreach (var one in direction.Packets)
        {
            Remove(_dependents, one.Dependencies, direction);
            foreach (var asked in one.Questions)
            {
                Remove(_askers, asked, direction);
            }
        }
    }

    private static void Add<T>(Dictionary<T, HashSet<TrackedDirection>> index, T key, TrackedDirection direction)
        where T : notnull
    {
        if (!index.TryGetValue(key, out var directions))
        {
            index.Add(key, directions = []);
        }

        directions.Add(direction);
    }

    private static void Remove<T>(Dictionary<T, HashSet<TrackedDirection>> index, T key, TrackedDirection direction)
        where T : notnull
    {
        if (index.TryGetValue(key, out var directions) && directions.Remove(direction) && directions.Count == 0)
        {
            index.Remove(key);
        }
    }
}
