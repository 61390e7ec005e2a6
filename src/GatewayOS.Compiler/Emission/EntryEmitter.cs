using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>entry_port</c>, <c>entry_tunnel</c> and <c>tunnel_peer</c>.</summary>
internal sealed class EntryEmitter(DeviceIds ids, EntrySink sink, StateEmitter states)
{
    private readonly HashSet<EntryKey> _taken = [];

    public int Count { get; private set; }

    public void Emit(EntryPoint point)
    {
        if (states.Enter(point.Edge, point.Class) is not { } state)
        {
            return;
        }

        var hash = new StableHash();
        hash.Add(point.Door.LogicalPort);
        var enter = PipelineActions.Enter(state, ids.InPorts.IdOf(hash.Value) ?? 0, 0, 0);
        var entry = point.Door switch
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

        // The flows before the first lookup are the entry's; where it enters a state of its own, that names them.
        var flows = StateEmitter.EntersDirectly(point.Edge) ? point.Edge.Flows : FlowTrail.Empty;

        // Two ports on one attachment: OVN would serve either; the first keeps it.
        if (_taken.Add(entry.Key) && sink.TryAdd(new CompiledEntry(entry, flows, null)))
        {
            Count++;
        }
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
