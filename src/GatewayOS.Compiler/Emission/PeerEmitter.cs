using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Ovn;
using GatewayOS.P4;

namespace GatewayOS.Compiler.Emission;

/// <summary>The entries of <c>tunnel_peer</c>: from whom packets are decapsulated.</summary>
internal sealed class PeerEmitter(EntrySink sink)
{
    private Southbound _southbound = Southbound.Empty;
    private DeviceView _device = DeviceView.Empty;
    private int _count;

    public void Update(Southbound southbound, DeviceView device, string chassis)
    {
        if (ReferenceEquals(southbound.Chassis, _southbound.Chassis) && ReferenceEquals(southbound.Encaps, _southbound.Encaps) && device.Tunnels == _device.Tunnels)
        {
            return;
        }

        (_southbound, _device) = (southbound, device);
        var entries = new Tunnels(southbound, device, chassis).Peers().Select(peer => EntryOf(peer.Type, peer.Path, peer.Number)).DistinctBy(entry => entry.Key).ToList();
        for (var i = 0; i < entries.Count; i++)
        {
            sink.TryPut(new BlockKey(BlockKind.Peers, (uint)i), new CompiledEntry(entries[i], FlowTrail.Empty, null));
        }

        for (var i = entries.Count; i < _count; i++)
        {
            sink.Remove(new BlockKey(BlockKind.Peers, (uint)i));
        }

        _count = entries.Count;
    }

    private static TableEntry EntryOf(TunnelType type, TunnelPath path, ushort number) => new(
        TableNames.TunnelPeer,
        [
            new FieldMatch.Exact(KeyNames.IngressPort, (uint)path.DevicePort),
            .. path.LocalMac is { } mac ? [new FieldMatch.Ternary(KeyNames.OuterEthDst, mac.Value, Symbolic.Bits.Ones(48))] : Array.Empty<FieldMatch>(),
            new FieldMatch.Exact(KeyNames.TunnelType, (uint)type),
            new FieldMatch.Exact(KeyNames.OuterSrc, path.RemoteIp), new FieldMatch.Exact(KeyNames.OuterDst, path.LocalIp),
        ],
        1, PipelineActions.KnownPeer(number));
}
