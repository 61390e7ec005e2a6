using System.Collections.Frozen;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Connections;

namespace GatewayOS.Compiler.Tracking;

/// <summary>The packets of one logical port that ask one owner's zone first.</summary>
/// <param name="logicalPort">The port; a device takes all its doors for one (<c>in_port</c>).</param>
/// <param name="owner">Whose zone.</param>
/// <param name="ways">How packets come to where they ask it, all ways to these places.</param>
internal sealed class Gate(string logicalPort, ZoneOwner owner, IEnumerable<(Door Door, Way Way)> ways)
{
    private readonly (Door Door, Way Way)[] _all = [.. ways];

    public string LogicalPort => logicalPort;

    public ZoneOwner Owner => owner;

    /// <summary>The places where they ask.</summary>
    public FrozenSet<TrackPlace> Places => field ??= _all.Select(way => way.Way.Place).ToFrozenSet();

    /// <summary>How packets that ask with a 5-tuple come in, as far as a way makes them so; mostly with the same, which stateless NAT and answers to pings change.</summary>
    /// <remarks>The device cannot tell by which way packets with one 5-tuple came, so all that they may take count, also those on which they do not become what asks.</remarks>
    public IEnumerable<Arrival> Arriving(ConnectionTuple asked) =>
        from came in Ways.Keys.Select(disguise => disguise.Before(asked)).OfType<ConnectionTuple>().Distinct()
        select new Arrival(this, came, [.. Ways.Where(ways => ways.Key.MayTake(came)).SelectMany(ways => ways.Value).Distinct()]);

    private IReadOnlyDictionary<Disguise, (Door, ulong?)[]> Ways => field ??=
        _all.GroupBy(way => way.Way.Disguise).ToDictionary(ways => ways.Key, ways => ways.Select(way => (way.Door, way.Way.Destination)).Distinct().ToArray());

    public bool IsSameAs(Gate other) => logicalPort == other.LogicalPort && _all.AsSpan().SequenceEqual(other._all);
}
