using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Evaluates the pipelines for packets of one 5-tuple, through all conntrack zones that they pass.</summary>
/// <remarks>The Ethernet destination is no part of the 5-tuple: each that packets may well come with is tried (<see cref="Arrivals"/>).</remarks>
internal sealed class ConnectionEvaluator(LogicalNetwork network, PacketClass packetClass)
{
    // FIN, SYN, RST are the lowest bits: packets with one of them, or without ACK, never ask for the entry of a connection (p4/README.md).
    private const int LifecycleFlags = 3, Acknowledgment = 4;

    private readonly ClassPipelines _pipelines = new(network, packetClass, knowsConntrack: false);
    private readonly RootCatalog _roots = new(packetClass);
    private readonly Pool<TrackedDependencies> _dependencies = new();

    // Sets that have grown once: most evaluations depend on what one before did.
    private readonly Frame _frame = new();
    private readonly Pool<TrackPlace> _places = new();
    private readonly Pool<OutputTarget> _outputs = new();
    private readonly Pool<Edits> _edits = new();
    private readonly Pool<FlowTrail> _flows = new();

    /// <returns>The tables that evaluations depend on otherwise now.</returns>
    public IReadOnlySet<TableKey> Update(NetworkChanges changes) => _pipelines.Update(changes.Tables);

    /// <summary>Those that may well be.</summary>
    public IReadOnlyList<Arrival> Plausible(IReadOnlyList<Arrival> arrivals) => Arrivals.Plausible(network, arrivals);

    /// <param name="arrival">The packets as they come in, and the ways in that a device takes for one.</param>
    /// <param name="first">The zone that they are thought to ask first, and how they look then.</param>
    /// <param name="conntrack">The connections.</param>
    public TrackedPackets Evaluate(Arrival arrival, ConntrackQuestion first, IConntrack conntrack)
    {
        var ends = new Dictionary<(TrackPlace, MacAddress), (TrackedVerdict? Verdict, string? Obstacle)>();
        var evaluator = new Evaluator(network, _pipelines, _roots, conntrack);
        var (gate, came) = (arrival.Gate, arrival.Tuple);
        _frame.Tables.Clear();
        _frame.Inputs.Clear();
        var isFirst = evaluator.Follow(() =>
        {
            var isFirst = false;
            foreach (var (door, known) in arrival.Ways)
            {
                IEnumerable<ulong> destinations = known is { } only ? [only] : Arrivals.At(network, door, came, Probe);
                foreach (var destination in destinations)
                {
                    isFirst |= Collect(EntryPoints.Enter(door, network, evaluator, state => Known(state, came, destination)), gate, first, ends);
                }
            }

            return isFirst;
        }, _frame);

        return new TrackedPackets(
            gate.LogicalPort,
            came,
            ends.Values.Select(end => end.Verdict).OfType<TrackedVerdict>().Select(Shared).ToEquatableArray(),
            ends.Values.Select(end => end.Obstacle).FirstOrDefault(obstacle => obstacle is not null))
        {
            IsFirst = isFirst,
            Questions = evaluator.Connections!.Questions.Distinct().ToEquatableArray(),
            Changes = evaluator.Connections.Changes.Distinct().ToEquatableArray(),
            Dependencies = _dependencies.Of(new TrackedDependencies(_frame.Tables, _frame.Inputs), it => it.Copy()),
        };

        Edge Probe(PortBinding port, ulong destination) => evaluator.Run(
            new TableKey(port.Datapath, LogicalFlows.Pipeline.Ingress, 0),
            Known(new SymbolicState(evaluator.Roots, port.LogicalPort, "", new Passage(Origin.Tunnel.Instance, 0, 0, int.MaxValue, InPortHidden: false)), came, destination));
    }

    private static SymbolicState Known(SymbolicState state, ConnectionTuple tuple, ulong destination)
    {
        state = ConnectionActions.WithTuple(state, tuple);
        var to = (KnownFields.EthDestination, Bits.Constant(48, destination));
        return tuple.Protocol != TransportProtocol.Tcp ? state.With(to) : state.With(
            to,
            (TrackingFields.TcpFlags with { Width = LifecycleFlags }, Bits.Constant(LifecycleFlags, 0)),
            (TrackingFields.TcpFlags with { Offset = TrackingFields.TcpFlags.Offset + Acknowledgment, Width = 1 }, Bits.Constant(1, 1)));
    }

    // Two ends of one place that differ: the device cannot tell their packets apart.
    private static bool Collect(
        Edge edge, Gate gate, ConntrackQuestion first, Dictionary<(TrackPlace, MacAddress), (TrackedVerdict? Verdict, string? Obstacle)> ends)
    {
        if (edge.Target is Target.Go(var node))
        {
            return node.Edges.Aggregate(false, (isFirst, next) => Collect(next, gate, first, ends) || isFirst);
        }

        if (edge.Target is Target.Turn(_, var behind))
        {
            return Collect(behind, gate, first, ends);
        }

        if (edge.Target is not Target.Tracked(var place, var asked, var destination, var verdict, var obstacle) || !gate.Places.Contains(place))
        {
            return false;
        }

        var isAsked = asked == first;
        if (!isAsked)
        {
            (verdict, obstacle) = (null, "its packets may be another connection's, by the way they came");
        }

        if (!ends.TryGetValue((place, destination), out var known))
        {
            ends.Add((place, destination), (verdict, obstacle));
        }
        else if (known.Verdict is null || verdict is null || known.Verdict with { Flows = verdict.Flows } != verdict)
        {
            ends[(place, destination)] = (null, known.Obstacle ?? obstacle ?? "its packets fare differently by the way they came");
        }

        return isAsked;
    }

    // What a million connections would hold a million times.
    private TrackedVerdict Shared(TrackedVerdict verdict) => verdict with
    {
        Place = _places.Of(verdict.Place),
        Output = _outputs.Of(verdict.Output),
        Edits = _edits.Of(verdict.Edits),
        Flows = _flows.Of(verdict.Flows),
    };
}
