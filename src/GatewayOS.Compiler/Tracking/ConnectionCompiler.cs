using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Emission;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Core;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Known connections in what a compiler compiled last: evaluated, and spelled as entries.</summary>
public sealed class ConnectionCompiler
{
    private readonly PipelineCompiler _compiler;
    private readonly Dictionary<PacketClass, IReadOnlyList<IReadOnlyList<Door>>> _gates = [];

    internal ConnectionCompiler(PipelineCompiler compiler) => _compiler = compiler;

    internal Workshop? Workshop { get; set; }

    /// <summary>What changed since it was last asked; null if everything may have. Asking forgets.</summary>
    public NetworkChanges? TakeChanges()
    {
        var (changes, all) = (_changes, _isAnew);
        (_changes, _isAnew) = (new NetworkChanges(), false);
        return all ? null : changes;
    }

    private NetworkChanges _changes = new();
    private bool _isAnew = true;

    internal void Went(NetworkChanges? changes)
    {
        _gates.Clear();
        _isAnew |= changes is null;
        _changes.Inputs.UnionWith(changes?.Inputs ?? new HashSet<InputKey>());
        _changes.Tables.UnionWith(changes?.Tables ?? new HashSet<TableKey>());
    }

    /// <summary>Evaluates packets that ask a zone first, for each logical port that they may come in by.</summary>
    /// <param name="first">Packets of one direction of a connection, and the zone that knows them.</param>
    /// <param name="conntrack">The connections.</param>
    /// <returns>Nothing if no packet that comes in asks that: the zone is not the first on any way.</returns>
    public EquatableArray<TrackedPackets> Evaluate(ConntrackQuestion first, IConntrack conntrack)
    {
        if (Workshop is not { } workshop)
        {
            return [];
        }

        var packetClass = first.Tuple.IsIpv6 ? PacketClass.Ipv6 : PacketClass.Ipv4;
        if (!_gates.TryGetValue(packetClass, out var gates))
        {
            gates = [.. workshop.Doors(packetClass).GroupBy(door => door.LogicalPort, StringComparer.Ordinal).Select(doors => (IReadOnlyList<Door>)[.. doors])];
            _gates.Add(packetClass, gates);
        }

        var tracker = workshop.Trackers[Array.IndexOf(PacketClasses.All, packetClass)];
        return gates.Select(doors => tracker.Evaluate(doors, first, conntrack)).OfType<TrackedPackets>().ToEquatableArray();
    }

    /// <summary>The number of a logical input port on the device; null if nothing is compiled for it.</summary>
    public uint? InPortOf(string logicalPort)
    {
        var hash = new StableHash();
        hash.Add(logicalPort);
        return _compiler.Ids.InPorts.IdOf(hash.Value);
    }

    /// <summary>The number of the state in which packets wait; null if no compiled entry leads there.</summary>
    public uint? StateOf(PuntCause place) => _compiler.Ids.States.IdOf(StateContent.Of(place));

    /// <summary>The number of an output; null if it has none: it has to be held first.</summary>
    public ushort? OutputOf(OutputTarget output) => _compiler.NumberOf(output);

    /// <summary>Keeps an output on the device.</summary>
    public void Hold(OutputTarget output) => _compiler.Hold(output);

    public void Release(OutputTarget output) => _compiler.Release(output);

    /// <summary>The entry of <c>connection4</c> or <c>connection6</c> that numbers a connection's packets.</summary>
    public static TableEntry Number(TrackedPackets packets, uint inPort, uint index, TimeSpan idleTimeout)
    {
        var tuple = packets.Tuple;
        var echo = tuple.IsIcmp ? tuple.SourcePort : tuple.DestinationPort;
        return new TableEntry(
            tuple.IsIpv6 ? TableNames.Connection6 : TableNames.Connection4,
            [
                new FieldMatch.Exact(KeyNames.InPort, inPort), new FieldMatch.Exact(KeyNames.Src, tuple.Source), new FieldMatch.Exact(KeyNames.Dst, tuple.Destination),
                new FieldMatch.Exact(KeyNames.Proto, (byte)tuple.Protocol), new FieldMatch.Exact(KeyNames.Sport, tuple.SourcePort), new FieldMatch.Exact(KeyNames.Dport, echo),
            ],
            0, PipelineActions.SetConnection(index)) { IdleTimeout = idleTimeout };
    }

    /// <summary>The entry of <c>connection_edit</c> that says what becomes of them in a state.</summary>
    public static TableEntry Finish(TrackedVerdict verdict, bool isIpv6, uint index, uint state, ushort output)
    {
        var edits = new HeaderEdits(verdict.Edits.EthSource, verdict.Edits.EthDestination, (byte)verdict.Edits.TtlDecrement, verdict.Edits.Dscp);
        return new TableEntry(
            TableNames.ConnectionEdit, [new FieldMatch.Exact(KeyNames.Index, index), new FieldMatch.Exact(KeyNames.State, state)], 0,
            isIpv6 ? PipelineActions.Finish6(output, 0, edits, verdict.Rewrite) : PipelineActions.Finish4(output, 0, edits, verdict.Rewrite));
    }
}
