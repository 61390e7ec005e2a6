using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Known connections in what a compiler compiled last: evaluated, and spelled as entries.</summary>
public sealed class ConnectionCompiler
{
    private readonly PipelineCompiler _compiler;
    private readonly GateIndex[] _gates = [.. PacketClasses.Tracked.Select(_ => new GateIndex())];
    private readonly HashSet<(string LogicalPort, ZoneOwner Owner)> _moved = [];
    private Workshop? _workshop;
    private NetworkChanges _changes = new();
    private bool _isAnew = true;
    private ZoneOwners _owners = new([], _ => null, ConntrackZones.Empty);
    private ConntrackZones _zones = ConntrackZones.Empty;
    private Southbound _southbound = Southbound.Empty;

    internal ConnectionCompiler(PipelineCompiler compiler) => _compiler = compiler;

    /// <summary>Takes in what was compiled.</summary>
    internal void Update(Workshop workshop, Southbound southbound, IReadOnlyList<IReadOnlyList<EntryPoint>> points)
    {
        _isAnew |= !ReferenceEquals(_workshop, workshop);
        (_workshop, _southbound) = (workshop, southbound);
        _changes.Inputs.UnionWith(workshop.Changes.Inputs);
        _changes.Tables.UnionWith(workshop.Changes.Tables);
        for (var i = 0; i < _gates.Length; i++)
        {
            _moved.UnionWith(_gates[i].Update(points[i]));
        }
    }

    /// <summary>Lets go of what was compiled.</summary>
    internal void Forget()
    {
        _workshop = null;
        for (var i = 0; i < _gates.Length; i++)
        {
            _gates[i] = new GateIndex();
        }
    }

    /// <summary>Goes to the zones of now, and tells what was evaluated otherwise before, or not at all, since it was last asked.</summary>
    /// <returns>Null if that is everything.</returns>
    public ConnectionDoubts? Follow(ConntrackZones zones)
    {
        var renumbered = zones.ChangesSince(_zones);
        if (_isAnew || renumbered.Count > 0 || _changes.Inputs.Any(input => input.Kind is InputKind.Port or InputKind.Datapath))
        {
            _owners = new ZoneOwners(_southbound.DatapathBindings, name => _workshop?.Port(name), zones);
        }

        _zones = zones;
        var doubts = _isAnew || renumbered.Count > 0 ? null : new ConnectionDoubts(_changes, _moved.SelectMany(gate => _owners.ZonesOf(gate.Owner, gate.LogicalPort)).ToHashSet());
        (_isAnew, _changes) = (false, new NetworkChanges());
        _moved.Clear();
        return doubts;
    }

    /// <summary>Evaluates packets that may ask a zone first, for each logical port that they may come in by.</summary>
    /// <param name="first">Packets of one direction of a connection, and the zone that knows them.</param>
    /// <param name="conntrack">The connections.</param>
    /// <returns>Nothing if no packet that comes in asks that zone first.</returns>
    public EquatableArray<TrackedPackets> Evaluate(ConntrackQuestion first, IConntrack conntrack)
    {
        // Who sends to himself does not ask the network: such a tuple is what one is that a load balancer led back, inside.
        if (_workshop is not { } workshop || first.Tuple.Source == first.Tuple.Destination)
        {
            return [];
        }

        var number = Array.IndexOf(PacketClasses.Tracked, first.Tuple.IsIpv6 ? PacketClass.Ipv6 : PacketClass.Ipv4);
        var tracker = workshop.Trackers[number];
        List<Arrival> arrivals = [.. _gates[number].Of(_owners.Of(first.Zone)).SelectMany(gate => gate.Arriving(first.Tuple))];
        return tracker.Plausible(arrivals).Select(arrival => tracker.Evaluate(arrival, first, conntrack)).ToEquatableArray();
    }

    /// <summary>Whether packets that come in may ask a zone before any other.</summary>
    public bool AsksFirst(ushort zone) => _gates.Any(gates => gates.Of(_owners.Of(zone)).Any());

    /// <summary>The number of a logical input port on the device; null if nothing is compiled for it.</summary>
    public uint? InPortOf(string logicalPort)
    {
        var hash = new StableHash();
        hash.Add(logicalPort);
        return _compiler.Ids.InPorts.IdOf(hash.Value);
    }

    /// <summary>The number of the state in which packets wait; null if no compiled entry leads there.</summary>
    public uint? StateOf(TrackPlace place) => _compiler.Ids.States.IdOf(StateContent.Of(place));

    /// <summary>The number of an output or a meter; null if it has none: it has to be held first.</summary>
    public ushort? NumberOf(Resource resource) => _compiler.NumberOf(resource);

    /// <summary>Keeps an output or a meter on the device.</summary>
    public void Hold(Resource resource) => _compiler.Hold(resource);

    public void Release(Resource resource) => _compiler.Release(resource);

    /// <summary>The entry by which the device holds an output or a meter.</summary>
    public static EntryKey EntryOf(Resource resource, ushort number) => resource is RateLimit
        ? new EntryKey(Metering.Table, [new FieldMatch.Exact(ParameterNames.Meter, number)], 0)
        : new EntryKey(TableNames.Output, [new FieldMatch.Exact(KeyNames.Out, number)], 0);

    /// <summary>The entry of <c>connection4</c> or <c>connection6</c> that numbers a connection's packets.</summary>
    public static TableEntry Number(TrackedPackets packets, uint inPort, uint index, TimeSpan idleTimeout)
    {
        var tuple = packets.Tuple;
        return new TableEntry(
            tuple.IsIpv6 ? TableNames.Connection6 : TableNames.Connection4,
            [
                new FieldMatch.Exact(KeyNames.InPort, inPort), new FieldMatch.Exact(KeyNames.Src, tuple.Source), new FieldMatch.Exact(KeyNames.Dst, tuple.Destination),
                new FieldMatch.Exact(KeyNames.Proto, (byte)tuple.Protocol), new FieldMatch.Exact(KeyNames.Sport, tuple.SourcePort), new FieldMatch.Exact(KeyNames.Dport, tuple.DestinationPort),
            ],
            0, PipelineActions.SetConnection(index))
        {
            IdleTimeout = idleTimeout,
        };
    }

    /// <summary>The entry of <c>connection_edit</c> that says what becomes of them in a state.</summary>
    /// <param name="verdict">What becomes of them.</param>
    /// <param name="isIpv6">Whether they are of IPv6.</param>
    /// <param name="index">Their number.</param>
    /// <param name="state">The state.</param>
    /// <param name="numbers">Those of the verdict's <see cref="TrackedVerdict.Resources"/>.</param>
    public static TableEntry Finish(TrackedVerdict verdict, bool isIpv6, uint index, uint state, ReadOnlySpan<ushort> numbers)
    {
        var (output, edits) = (numbers[0], verdict.Edits.ToHeader(verdict.Edits.Meter is null ? (ushort)0 : numbers[1], verdict.Edits.Meter2 is null ? (ushort)0 : numbers[^1]));
        return new TableEntry(
            TableNames.ConnectionEdit, [new FieldMatch.Exact(KeyNames.Index, index), new FieldMatch.Exact(KeyNames.State, state), new FieldMatch.Exact(KeyNames.EthDst, verdict.Destination.Value)], 0,
            isIpv6 ? PipelineActions.Finish6(output, 0, edits, verdict.Rewrite) : PipelineActions.Finish4(output, 0, edits, verdict.Rewrite));
    }
}
