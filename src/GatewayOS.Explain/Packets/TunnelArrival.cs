using System.Collections.Immutable;
using System.Globalization;
using GatewayOS.Compiler;
using GatewayOS.Compiler.Automaton;
using GatewayOS.Compiler.Network;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;
using GatewayOS.Reference;
using GatewayOS.Reference.Network;
using GatewayOS.Reference.Packets;
using GatewayOS.Reference.Tracing;

namespace GatewayOS.Explain.Packets;

/// <summary>Finds out as what a packet that enters the network elsewhere comes here: the reference interpreter runs the pipeline of that chassis.</summary>
internal sealed class TunnelArrival(Southbound southbound, string chassis, DeviceView device)
{
    private const int GenevePort = 6081, VxlanPort = 4789;

    /// <param name="packet">As it enters.</param>
    /// <param name="port">Where.</param>
    /// <param name="remarks">What happened on the way is added.</param>
    /// <exception cref="ExplainException">It does not come here by a tunnel that this device knows.</exception>
    public Arrived Of(Packet packet, PortBinding port, List<string> remarks)
    {
        var origin = southbound.Chassis.Find(port.Chassis)?.Name
            ?? throw new ExplainException($"the port '{port.LogicalPort}' is on no chassis, and at no front port of this device");
        if (origin == chassis)
        {
            throw new ExplainException($"the port '{port.LogicalPort}' is on this chassis, but not at a front port of the device: OVS has its packets");
        }

        if (port.Type == "vtep")
        {
            return FromVtep(packet, port, origin, remarks);
        }

        var outcomes = Trace(packet, port, origin);
        var here = outcomes.OfType<TraceOutcome.Tunnelled>().FirstOrDefault(tunnel => tunnel.To == chassis)
            ?? throw new ExplainException($"a packet from '{port.LogicalPort}' on {origin} does not come here: {string.Join("; ", outcomes.Select(Describe))}");
        var (type, path) = From(origin);
        remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{origin} sends it here by {(type == TunnelType.Geneve ? "Geneve" : "VXLAN")}: datapath {here.DatapathKey}, logical ports {here.InKey} -> {here.OutKey}"));
        return new Arrived(here.Packet, path.DevicePort, type, path, here.DatapathKey, here.InKey, here.OutKey);
    }

    // A VTEP switch has no logical pipeline, and names no logical port.
    private Arrived FromVtep(Packet packet, PortBinding port, string origin, List<string> remarks)
    {
        var (type, path) = From(origin);
        var key = southbound.DatapathBindings[port.Datapath].TunnelKey;
        if (type != TunnelType.Vxlan)
        {
            throw new ExplainException($"the tunnel from {origin} is not VXLAN: OVN takes nothing that comes by it for packets of '{port.LogicalPort}'");
        }

        remarks.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{origin} is a VTEP switch and sends it here by VXLAN: datapath {key}, no logical ports; it comes in by '{port.LogicalPort}', which the datapath has on that switch"));
        return new Arrived(packet, path.DevicePort, type, path, key, port.TunnelKey, 0);
    }

    private (TunnelType Type, TunnelPath Path) From(string origin) =>
        new Tunnels(southbound, device, chassis).Peers().FirstOrDefault(peer => IsOf(origin, peer.Path.RemoteIp)) is { Path: not null } peer
            ? (peer.Type, peer.Path)
            : throw new ExplainException($"the device knows no tunnel from {origin}; see `gatewayctl status`");

    private ImmutableArray<TraceOutcome> Trace(Packet packet, PortBinding port, string origin)
    {
        var interpreter = new Interpreter(new ReferenceNetwork(southbound, origin));
        var entry = interpreter.Network.Datapaths.First(datapath => datapath.Row.Uuid == port.Datapath);
        return interpreter.Trace(new TraceRequest(entry, packet.Clone()) { FollowTunnels = false }).Outcomes;
    }

    private bool IsOf(string name, uint address) => southbound.Encaps.Any(encap =>
        encap.ChassisName == name && IpAddress.TryParseV4(encap.Ip, out var ip) && ip == address);

    private static string Describe(TraceOutcome outcome) => outcome switch
    {
        TraceOutcome.Delivered delivered => $"delivered to '{delivered.Port.Name}'",
        TraceOutcome.Tunnelled tunnel => $"sent to {tunnel.To}",
        TraceOutcome.Controlled controlled => $"given to ovn-controller ({controlled.Action})",
        TraceOutcome.Dropped dropped => $"dropped ({dropped.Reason})",
        _ => outcome.ToString(),
    };

    /// <param name="Packet">The inner packet.</param>
    /// <param name="Port">The front port of the underlay.</param>
    /// <param name="OutKey">0 from a VTEP switch.</param>
    internal sealed record Arrived(Packet Packet, int Port, TunnelType Type, TunnelPath Path, int DatapathKey, int InKey, int OutKey)
    {
        public byte[] Wrap(byte[] frame)
        {
            var source = Path.NextHop ?? new MacAddress(0x0200_0000_0002);
            var destination = Path.LocalMac ?? new MacAddress(0x0200_0000_0001);
            return FrameWriter.Tunnel(
                frame, source, destination, Path.RemoteIp, Path.LocalIp,
                Type == TunnelType.Geneve ? GenevePort : VxlanPort, Type == TunnelType.Geneve ? Geneve() : Vxlan());
        }

        // RFC 8926, 3.4, with OVN's option (ovn-architecture(7), "Tunnel Encapsulations").
        private byte[] Geneve() =>
        [
            0x02, 0x40, 0x65, 0x58, .. Vni(DatapathKey),
            0x01, 0x02, 0x80, 0x01, (byte)(InKey >> 8), (byte)InKey, (byte)(OutKey >> 8), (byte)OutKey,
        ];

        private byte[] Vxlan() => [0x08, 0, 0, 0, .. Vni(Tunnels.VxlanKey(DatapathKey, OutKey))];

        private static byte[] Vni(int vni) => [(byte)(vni >> 16), (byte)(vni >> 8), (byte)vni, 0];
    }
}
