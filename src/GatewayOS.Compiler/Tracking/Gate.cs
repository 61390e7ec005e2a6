using System.Collections.Frozen;
using GatewayOS.Compiler.Evaluation;

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

    /// <summary>The doors, and the Ethernet destination that packets come with if the way tells it from others.</summary>
    public IReadOnlyList<(Door Door, ulong? Destination)> Ways => field ??= [.. _all.Select(way => (way.Door, way.Way.Destination)).Distinct()];

    public bool IsSameAs(Gate other) => logicalPort == other.LogicalPort && _all.AsSpan().SequenceEqual(other._all);
}
