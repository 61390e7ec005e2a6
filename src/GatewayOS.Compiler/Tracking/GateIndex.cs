using GatewayOS.Compiler.Evaluation;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Which packets ask which zone first, of one packet class: found where the compiled ways end, so that a connection is evaluated only for these.</summary>
internal sealed class GateIndex
{
    private readonly Dictionary<string, (EntryPoint[] Points, Gate[] Gates)> _ports = new(StringComparer.Ordinal);
    private readonly Dictionary<ZoneOwner, List<Gate>> _byOwner = [];
    private IReadOnlyList<EntryPoint>? _points;

    /// <summary>Takes in the entry points of now.</summary>
    /// <returns>The logical ports whose gates are others, and owners of zones that these ask or asked.</returns>
    public IEnumerable<(string LogicalPort, ZoneOwner Owner)> Update(IReadOnlyList<EntryPoint> points)
    {
        if (ReferenceEquals(_points, points))
        {
            return [];
        }

        // Ports whose doors are as before are not looked at.
        var gone = Different(_points ?? [], points);
        _points = points;
        var changed = new HashSet<(string, ZoneOwner)>();
        var ports = points.Where(point => gone.Contains(point.Door.LogicalPort)).GroupBy(point => point.Door.LogicalPort, StringComparer.Ordinal).ToList();
        foreach (var doors in ports)
        {
            gone.Remove(doors.Key);
            EntryPoint[] now = [.. doors];
            var before = _ports.GetValueOrDefault(doors.Key);
            if (before.Points is null || !before.Points.AsSpan().SequenceEqual(now, ReferenceEqualityComparer.Instance))
            {
                Gate[] gates = [.. from point in now
                                   from way in Way.From(point.Edge)
                                   group (point.Door, way) by way.Place.Owner into ways
                                   select new Gate(doors.Key, ways.Key, ways)];
                Replace(doors.Key, before.Gates ?? [], gates, changed);
                _ports[doors.Key] = (now, gates);
            }
        }

        foreach (var port in gone)
        {
            Replace(port, _ports[port].Gates, [], changed);
            _ports.Remove(port);
        }

        return changed;
    }

    /// <summary>The gates of all packets that may ask a zone first.</summary>
    public IEnumerable<Gate> Of(IEnumerable<(ZoneOwner Owner, string? LogicalPort)> owners) =>
        from owner in owners
        from gate in _byOwner.GetValueOrDefault(owner.Owner) ?? []
        where owner.LogicalPort is null || gate.LogicalPort == owner.LogicalPort
        select gate;

    // The logical ports of entry points that are not at the same place in both.
    private static HashSet<string> Different(IReadOnlyList<EntryPoint> before, IReadOnlyList<EntryPoint> now)
    {
        var ports = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Max(before.Count, now.Count); i++)
        {
            var (old, current) = (i < before.Count ? before[i] : null, i < now.Count ? now[i] : null);
            if (!ReferenceEquals(old, current))
            {
                _ = old is not null && ports.Add(old.Door.LogicalPort);
                _ = current is not null && ports.Add(current.Door.LogicalPort);
            }
        }

        return ports;
    }

    private void Replace(string port, Gate[] before, Gate[] now, HashSet<(string, ZoneOwner)> changed)
    {
        foreach (var old in before)
        {
            if (!Array.Exists(now, gate => gate.Owner == old.Owner && gate.IsSameAs(old)))
            {
                changed.Add((port, old.Owner));
            }

            _byOwner[old.Owner].Remove(old);
        }

        foreach (var gate in now)
        {
            if (!Array.Exists(before, old => gate.Owner == old.Owner && gate.IsSameAs(old)))
            {
                changed.Add((port, gate.Owner));
            }

            if (!_byOwner.TryGetValue(gate.Owner, out var gates))
            {
                _byOwner.Add(gate.Owner, gates = []);
            }

            gates.Add(gate);
        }
    }
}
