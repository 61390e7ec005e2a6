using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>entry_port</c>, <c>entry_tunnel</c> and <c>tunnel_peer</c>.</summary>
/// <remarks>They are written at the end: all entry points that ask for class bits share a space.</remarks>
internal sealed class EntryEmitter(DeviceIds ids, EntrySink sink, StateEmitter states, ClassEmitter classes)
{
    private readonly HashSet<EntryKey> _taken = [];
    private readonly List<(EntryPoint Point, uint State)> _placed = [];

    public int Count { get; private set; }

    /// <summary>Writes what is behind the entry point.</summary>
    public void Place(EntryPoint point)
    {
        // Two ports on one attachment: OVN would serve either; the first keeps it.
        if (states.Enter(point.Edge, point.Class) is { } state && _taken.Add(EntryOf(point, state, 0).Key))
        {
            _placed.Add((point, state));
        }
    }

    /// <summary>Writes the entries of the entry points.</summary>
    public void Emit()
    {
        foreach (var packetClass in PacketClasses.All)
        {
            var placed = _placed.Where(placed => placed.Point.Class == packetClass).ToLookup(placed => classes.TestsOf(placed.Point.Edge) != (0, 0));
            Write(placed[false], 0);
            if (placed[true].Any() && classes.Emit(packetClass, placed[true].Select(one => one.Point.Edge), HashOf(placed[true])) is { } space)
            {
                Write(placed[true], space);
            }
        }
    }

    private void Write(IEnumerable<(EntryPoint Point, uint State)> placed, ushort space)
    {
        foreach (var (point, state) in placed)
        {
            // The flows before the first lookup are the entry's; where it enters a state of its own, that names them.
            var flows = StateEmitter.EntersDirectly(point.Edge) ? point.Edge.Flows : FlowTrail.Empty;
            Count += sink.TryAdd(new CompiledEntry(EntryOf(point, state, space), flows, null)) ? 1 : 0;
        }
    }

    private UInt128 HashOf(IEnumerable<(EntryPoint Point, uint State)> placed)
    {
        var hash = new StableHash();
        foreach (var (point, state) in placed)
        {
            hash.Add(EntryOf(point, state, 0).Key.ToString());
            hash.Add(state);
        }

        return hash.Value;
    }

    private TableEntry EntryOf(EntryPoint point, uint state, ushort space)
    {
        var hash = new StableHash();
        hash.Add(point.Door.LogicalPort);
        var enter = PipelineActions.Enter(state, ids.InPorts.IdOf(hash.Value) ?? 0, 0, space);
        return point.Door switch
        {
            Door.Port port => new TableEntry(
                TableNames.EntryPort,
                [
                    new FieldMatch.Exact(KeyNames.IngressPort, (uint)port.DevicePort), new FieldMatch.Exact(KeyNames.VlanValid, port.Vlan == 0 ? 0u : 1),
                    new FieldMatch.Exact(KeyNames.VlanId, (uint)port.Vlan), new FieldMatch.Exact(KeyNames.Class, (uint)point.Class),
                ],
                0, enter),
            Door.Tunnel tunnel => new TableEntry(
                TableNames.EntryTunnel,
                [
                    new FieldMatch.Exact(KeyNames.TunnelType, (uint)tunnel.Type), new FieldMatch.Exact(KeyNames.Vni, (uint)tunnel.Vni),
                    new FieldMatch.Exact(KeyNames.OutKey, (uint)tunnel.OutKey), new FieldMatch.Exact(KeyNames.Class, (uint)point.Class),
                    .. tunnel.InKey is { } inKey ? [new FieldMatch.Lpm(KeyNames.InKey, (uint)inKey, 16)] : Array.Empty<FieldMatch>(),
                ],
                0, enter),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public void EmitPeers(IEnumerable<(TunnelType Type, TunnelPath Path)> peers)
    {
        foreach (var (type, path) in peers)
        {
            var entry = new TableEntry(
                TableNames.TunnelPeer,
                [
                    new FieldMatch.Exact(KeyNames.IngressPort, (uint)path.DevicePort),
                    .. path.LocalMac is { } mac ? [new FieldMatch.Ternary(KeyNames.OuterEthDst, mac.Value, Symbolic.Bits.Ones(48))] : Array.Empty<FieldMatch>(),
                    new FieldMatch.Exact(KeyNames.TunnelType, (uint)type),
                    new FieldMatch.Exact(KeyNames.OuterSrc, path.RemoteIp), new FieldMatch.Exact(KeyNames.OuterDst, path.LocalIp),
                ],
                1, PipelineActions.KnownPeer);
            if (_taken.Add(entry.Key))
            {
                sink.TryAdd(new CompiledEntry(entry, FlowTrail.Empty, null));
            }
        }
    }
}
