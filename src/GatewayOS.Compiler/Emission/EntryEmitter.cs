using System.Diagnostics;
using System.Runtime.InteropServices;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.Compiler.Passes;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>entry_port</c> and <c>entry_tunnel</c>, and through them all others.</summary>
/// <remarks>They are written at the end: all entry points that ask for class bits share a space.</remarks>
internal sealed class EntryEmitter(DeviceIds ids, EntrySink sink, StateGraph graph, StateWriter writer, SpaceEmitter spaces)
{
    private readonly Dictionary<Attachment, Entrance> _entrances = [];
    private IReadOnlyList<IReadOnlyList<EntryPoint>> _points = [];
    private uint _numbers;
    private int _rounds;

    /// <summary>How many entry points have an entry.</summary>
    public int Count { get; private set; }

    /// <summary>Goes to other entry points; what is behind those that are as before is not looked at.</summary>
    /// <param name="points">Of each packet class; the same list again where nothing is different.</param>
    public void Update(IReadOnlyList<IReadOnlyList<EntryPoint>> points, Composer composer)
    {
        var changed = points.SequenceEqual(_points, ReferenceEqualityComparer.Instance) ? [] : Replace(points, composer);
        _points = points;
        foreach (var (_, old) in changed)
        {
            Close(old);
        }

        var (born, gone) = graph.Settle();
        foreach (var (now, old) in changed)
        {
            Succession.Trace(now?.State, old?.State);
        }

        writer.Write(born, gone);
        if (changed.Count > 0 || spaces.AreOld)
        {
            foreach (var packetClass in PacketClasses.All)
            {
                Write(packetClass, changed);
            }
        }
    }

    private List<(Entrance? Now, Entrance? Before)> Replace(IReadOnlyList<IReadOnlyList<EntryPoint>> points, Composer composer)
    {
        var changed = new List<(Entrance? Now, Entrance? Before)>();
        _rounds++;
        foreach (var point in points.SelectMany(ofClass => ofClass))
        {
            var attachment = Attachment.Of(point);
            var known = _entrances.GetValueOrDefault(attachment);
            if (known?.Round == _rounds)
            {
                // Two ports on one attachment: OVN would serve either; the first keeps it.
                continue;
            }

            if (known is null || known.Point != point)
            {
                _entrances[attachment] = Open(point, composer);
                changed.Add((_entrances[attachment], known));
            }

            _entrances[attachment].Round = _rounds;
        }

        foreach (var (attachment, gone) in _entrances.Where(pair => pair.Value.Round != _rounds).ToList())
        {
            _entrances.Remove(attachment);
            changed.Add((null, gone));
        }

        return changed;
    }

    private Entrance Open(EntryPoint point, Composer composer)
    {
        var edge = composer.Compose(point.Edge);
        ids.InPorts.Take(PortContent(point.Door));
        return new Entrance(++_numbers, point, edge, graph.Enter(edge, point.Class), NodeTraits.BitsOf(edge));
    }

    private void Close(Entrance? entrance)
    {
        if (entrance is null)
        {
            return;
        }

        ids.InPorts.Release(PortContent(entrance.Door));
        sink.Remove(new BlockKey(BlockKind.Entrance, entrance.Number));
        Count -= entrance.Written is null ? 0 : 1;
        if (entrance.State is { } state)
        {
            graph.Leave(state);
        }
    }

    private void Write(PacketClass packetClass, List<(Entrance? Now, Entrance? Before)> changed)
    {
        var (tests, own) = ((Source: 0UL, Destination: 0UL), new List<Entrance>());
        foreach (var entrance in _entrances.Values)
        {
            if (entrance.Class == packetClass && entrance.State is not null)
            {
                own.Add(entrance);
                tests = (tests.Source | entrance.Tests.Source, tests.Destination | entrance.Tests.Destination);
            }
        }

        ushort? space = null;
        if (tests == (0, 0))
        {
            spaces.Withdraw(packetClass);
        }
        else
        {
            var same = changed.All(pair => (pair.Now ?? pair.Before)!.Class != packetClass || ReferenceEquals(pair.Now?.State, pair.Before?.State)
                || pair is { Now: null or { TestsBits: false }, Before: null or { TestsBits: false } });
            space = spaces.Write(packetClass, tests, same);
        }

        foreach (var entrance in own)
        {
            Write(entrance, entrance.TestsBits ? space : (ushort)0);
        }
    }

    private void Write(Entrance entrance, ushort? space)
    {
        var isThere = entrance.Written is not null;
        if (entrance.State!.Place is not { } place || space is not { } number)
        {
            sink.Remove(new BlockKey(BlockKind.Entrance, entrance.Number));
            entrance.Written = null;
        }
        else if (entrance.Written is not { Entry.Action: ActionCall call } || call[ParameterNames.Space] != number || call[ParameterNames.State] != place.Id)
        {
            // The flows before the first lookup are the entry's; where it enters a state of its own, that names them.
            var flows = StateGraph.EntersDirectly(entrance.Edge) ? entrance.Edge.Flows : FlowTrail.Empty;
            var entry = new CompiledEntry(EntryOf(entrance, place.Id, number), flows, null);
            entrance.Written = sink.TryPut(new BlockKey(BlockKind.Entrance, entrance.Number), entry) ? entry : null;
        }

        Count += (entrance.Written is not null ? 1 : 0) - (isThere ? 1 : 0);
    }

    private static UInt128 PortContent(Door door)
    {
        var hash = new StableHash();
        hash.Add(door.LogicalPort);
        return hash.Value;
    }

    private TableEntry EntryOf(Entrance entrance, uint state, ushort space)
    {
        var enter = PipelineActions.Enter(state, ids.InPorts.IdOf(PortContent(entrance.Door)) ?? 0, 0, space);
        return entrance.Door switch
        {
            Door.Port port => new TableEntry(
                TableNames.EntryPort,
                [
                    new FieldMatch.Exact(KeyNames.IngressPort, (uint)port.DevicePort), new FieldMatch.Exact(KeyNames.VlanValid, port.Vlan == 0 ? 0u : 1),
                    new FieldMatch.Exact(KeyNames.VlanId, (uint)port.Vlan), new FieldMatch.Exact(KeyNames.Class, (uint)entrance.Class),
                ],
                0, enter),
            Door.Tunnel tunnel => new TableEntry(
                TableNames.EntryTunnel,
                [
                    new FieldMatch.Exact(KeyNames.TunnelType, (uint)tunnel.Type), new FieldMatch.Exact(KeyNames.Vni, (uint)tunnel.Vni),
                    new FieldMatch.Exact(KeyNames.OutKey, (uint)tunnel.OutKey), new FieldMatch.Exact(KeyNames.Class, (uint)entrance.Class),
                    .. tunnel.InKey is { } inKey ? [new FieldMatch.Lpm(KeyNames.InKey, (uint)inKey, 16)] : Array.Empty<FieldMatch>(),
                ],
                0, enter),
            Door.Vtep vtep => new TableEntry(
                TableNames.EntryTunnel,
                [
                    new FieldMatch.Exact(KeyNames.TunnelType, (uint)TunnelType.Vxlan), new FieldMatch.Exact(KeyNames.Vni, (uint)vtep.Vni),
                    new FieldMatch.Exact(KeyNames.OutKey, 0), new FieldMatch.Exact(KeyNames.Class, (uint)entrance.Class), new FieldMatch.Lpm(KeyNames.InKey, vtep.Number, 16),
                ],
                0, enter),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>What the key of the entry says: where packets come in, whatever the logical port.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Attachment(PacketClass Class, bool IsTunnel, int First, int Second, int Third, int Fourth)
    {
        public static Attachment Of(EntryPoint point) => point.Door switch
        {
            Door.Port port => new Attachment(point.Class, IsTunnel: false, port.DevicePort, port.Vlan, 0, 0),
            Door.Tunnel tunnel => new Attachment(point.Class, IsTunnel: true, (int)tunnel.Type, tunnel.Vni, tunnel.OutKey, tunnel.InKey ?? -1),
            Door.Vtep vtep => new Attachment(point.Class, IsTunnel: true, (int)TunnelType.Vxlan, vtep.Vni, 0, vtep.Number),
            _ => throw new UnreachableException(),
        };
    }
}
