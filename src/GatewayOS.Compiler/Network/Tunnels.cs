using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>How chassis are reached: the encapsulation that ovn-controller prefers, over the underlay's paths.</summary>
public sealed class Tunnels(Southbound southbound, DeviceView device)
{
    private readonly Dictionary<uint, TunnelPath> _paths = device.Tunnels.DistinctBy(path => path.RemoteIp).ToDictionary(path => path.RemoteIp);
    private readonly Dictionary<Guid, Tunnel?> _tunnels = [];

    // IPv4, UDP, tunnel header; Geneve with OVN's one option of 4 octets (RFC 8926, RFC 7348).
    private const int GeneveOverhead = 20 + 8 + 8 + 8;
    private const int VxlanOverhead = 20 + 8 + 8;

    /// <summary>The tunnel to a chassis, or null if it has no usable encap, more than one, or no resolved path.</summary>
    public Tunnel? To(Guid chassis)
    {
        if (!_tunnels.TryGetValue(chassis, out var tunnel))
        {
            tunnel = Find(chassis);
            _tunnels.Add(chassis, tunnel);
        }

        return tunnel;
    }

    private Tunnel? Find(Guid chassis)
    {
        if (southbound.Chassis.Find(chassis) is not { } row || Preferred(row) is not [var encap]
            || TypeOf(encap) is not { } type || PathTo(encap) is not { NextHop: { } nextHop } path)
        {
            return null;
        }

        var overhead = type == TunnelType.Geneve ? GeneveOverhead : VxlanOverhead;
        return new Tunnel(
            new Encapsulation(type, LocalMac(path), nextHop, path.LocalIp, path.RemoteIp, encap.Options.Find("csum") == "true"),
            path.DevicePort, path.Mtu - overhead);
    }

    /// <summary>Every remote endpoint that ovn-controller would have a tunnel port for, and packets may come from.</summary>
    public IEnumerable<(TunnelType Type, TunnelPath Path)> Peers(string self) =>
        from chassis in southbound.Chassis
        where chassis.Name != self
        from encap in Preferred(chassis)
        let type = TypeOf(encap)
        let path = PathTo(encap)
        where type is not null && path is not null
        select (type.Value, path);

    /// <summary>The tunnel key of VXLAN has room for 12 bits of datapath and 12 bits of output port (ovn-architecture(7)).</summary>
    public static int VxlanKey(int datapathKey, int outKey) => (outKey << 12) | datapathKey;

    // ovn-controller's preference is Geneve, then STT, then VXLAN.
    private List<Encap> Preferred(Chassis chassis)
    {
        var encaps = chassis.Encaps.Select(uuid => southbound.Encaps.Find(uuid)).OfType<Encap>().ToList();
        var best = encaps.Select(Rank).DefaultIfEmpty(-1).Max();
        return [.. encaps.Where(encap => Rank(encap) == best)];
    }

    private static int Rank(Encap encap) => encap.Type switch { "geneve" => 3, "stt" => 2, "vxlan" => 1, _ => 0 };

    private static TunnelType? TypeOf(Encap encap) => encap.Type switch
    {
        "geneve" => TunnelType.Geneve,
        "vxlan" => TunnelType.Vxlan,
        _ => null,
    };

    private TunnelPath? PathTo(Encap encap) =>
        Addresses.Parse(encap.Ip) is (var ip, 32) ? _paths.GetValueOrDefault((uint)ip) : null;

    // With an unknown address of its own a chassis still needs one to send from: locally administered, made of the IP address.
    private static MacAddress LocalMac(TunnelPath path) => path.LocalMac ?? new MacAddress((0x0200UL << 32) | path.LocalIp);
}
