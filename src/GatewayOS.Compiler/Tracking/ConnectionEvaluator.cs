using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Network;
using GatewayOS.Compiler.Symbolic;
using GatewayOS.Connections;
using GatewayOS.Core;
using GatewayOS.LogicalFlows;

namespace GatewayOS.Compiler.Tracking;

/// <summary>Evaluates the pipelines for packets of one 5-tuple, through all conntrack zones that they pass.</summary>
/// <remarks>
/// The Ethernet destination is no part of the 5-tuple. It is tried: each address that may be meant, and one that none asks for
/// (<see cref="TrackPoint"/>). What is not tried has no entry, and stays with software.
/// </remarks>
internal sealed class ConnectionEvaluator(LogicalNetwork network, PacketClass packetClass)
{
    // FIN, SYN, RST are the lowest bits: packets with one of them never ask for the entry of a connection (p4/README.md).
    private const int LifecycleFlags = 3;

    private readonly ClassPipelines _pipelines = new(network, packetClass, knowsConntrack: false);
    private readonly RootCatalog _roots = new(packetClass);
    private readonly Dictionary<TrackedDependencies, WeakReference<TrackedDependencies>> _shared = [];

    public void Update(NetworkChanges changes) => _pipelines.Update(changes.Tables);

    /// <param name="doors">The ways in that a device takes for one: those of one logical port.</param>
    /// <param name="first">The packets, and the zone that they are thought to ask first.</param>
    /// <param name="conntrack">The connections.</param>
    /// <returns>Null if such packets do not ask that.</returns>
    public TrackedPackets? Evaluate(IReadOnlyList<Door> doors, ConntrackQuestion first, IConntrack conntrack)
    {
        var ends = new Dictionary<PuntCause, (TrackedVerdict? Verdict, string? Obstacle)>();
        var questions = new HashSet<ConntrackQuestion>();
        var (tables, inputs) = (new HashSet<TableKey>(), new HashSet<InputKey>());
        var isAsked = false;
        foreach (var door in doors)
        {
            foreach (var destination in Destinations(door))
            {
                var evaluator = new Evaluator(network, _pipelines, _roots, conntrack);
                var (edge, asked, dependencies) = evaluator.Follow(() => EntryPoints.Enter(door, network, evaluator, state => Known(state, first.Tuple, destination)));
                tables.UnionWith(dependencies.Tables);
                inputs.UnionWith(dependencies.Inputs);
                if (asked.Count == 0)
                {
                    continue;
                }

                isAsked |= asked.Contains(first);
                questions.UnionWith(asked);
                Collect(edge, ends);
            }
        }

        return !isAsked ? null : new TrackedPackets(
            doors[0].LogicalPort,
            first.Tuple,
            ends.Values.Select(end => end.Verdict).OfType<TrackedVerdict>().ToEquatableArray(),
            ends.Values.Select(end => end.Obstacle).FirstOrDefault(obstacle => obstacle is not null))
        {
            Questions = questions.ToEquatableArray(),
            Dependencies = Shared(new TrackedDependencies(tables, inputs)),
        };
    }

    private static SymbolicState Known(SymbolicState state, ConnectionTuple tuple, ulong? destination)
    {
        state = ConnectionActions.WithTuple(state, tuple);
        if (tuple.Protocol == TransportProtocol.Tcp)
        {
            state = state.With(TrackingFields.TcpFlags with { Width = LifecycleFlags }, Bits.Constant(LifecycleFlags, 0));
        }

        return destination is { } address ? state.With(KnownFields.EthDestination, Bits.Constant(48, address)) : state;
    }

    private IEnumerable<ulong?> Destinations(Door door)
    {
        yield return null;
        var port = network.Port(door.LogicalPort)!;
        IReadOnlySet<ulong> addresses = new HashSet<ulong>();
        if (door is Door.Port)
        {
            addresses = network.EthDestinationsTested(port.Datapath);
            addresses = addresses.Count <= TrackPoint.AddressLimit ? addresses : network.Routers(port.Datapath);
        }
        else
        {
            var leaves = port.Type == "chassisredirect" ? network.Port(port.Options.Find("distributed-port") ?? "") : port;
            if (leaves?.Options.Find("peer") is { } name && network.Port(name) is { } peer)
            {
                addresses = network.Routers(peer.Datapath);
            }
            else
            {
                addresses = port.Mac.Select(mac => MacAddress.TryParse(mac.Split(' ')[0], out var address) ? address.Value : 0).Where(address => address != 0).ToHashSet();
            }
        }

        if (addresses.Count <= TrackPoint.AddressLimit)
        {
            foreach (var address in addresses.Order())
            {
                yield return address;
            }
        }
    }

    // Two ends of one place that differ: the device cannot tell their packets apart.
    private static void Collect(Edge edge, Dictionary<PuntCause, (TrackedVerdict? Verdict, string? Obstacle)> ends)
    {
        switch (edge.Target)
        {
            case Target.Go(var node):
                foreach (var next in node.Edges)
                {
                    Collect(next, ends);
                }

                break;
            case Target.Tracked(var place, var verdict, var obstacle):
                if (!ends.TryGetValue(place, out var known))
                {
                    ends.Add(place, (verdict, obstacle));
                    break;
                }

                if (known.Verdict is { } one && verdict is { } other && one with { Flows = other.Flows } == other)
                {
                    break;
                }

                ends[place] = (null, known.Obstacle ?? obstacle ?? "its packets fare differently by their Ethernet addresses");
                break;
            default:
                break;
        }
    }

    private TrackedDependencies Shared(TrackedDependencies own)
    {
        if (_shared.TryGetValue(own, out var known) && known.TryGetTarget(out var same))
        {
            return same;
        }

        _shared.Remove(own);
        _shared.Add(own, new WeakReference<TrackedDependencies>(own));
        return own;
    }
}
