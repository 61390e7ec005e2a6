using GatewayOS.Compiler.Automaton;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Compiler.Network;

/// <summary>How chassis are reached: the encapsulation that ovn-controller prefers, over the underlay's paths.</summary>
/// <param name="southbound">The chassis and their encapsulations.</param>
/// <param name="device">The underlay's paths.</param>
/// <param name="self">The name of this chassis.</param>
public sealed class Tunnels(Southbound southbound, DeviceView device, string self)
{
    private readonly Chassis? _self = southbound.Chassis.FirstOrDefault(row => row.Name == self);
    private readonly Dictionary<uint, TunnelPath> _paths = device.Tunnels.DistinctBy(path => path.RemoteIp).ToDictionary(path => path.RemoteIp);
    private readonly Dictionary<Guid, Tunnel?> _tunnels = [];

    // IPv4, UDP, tunnel header; Geneve with OVN's one option of 4 octets (RFC 8926, RFC 7348).
    private const int GeneveOverhead = 20 + 8 + 8 + 8;
    private const int VxlanOverhead = 20 + 8 + 8;

    // OVN_MIN_MULTICAST and OVN_VXLAN_MIN_MULTICAST (lib/ovn-util.h).
    private const int FirstGroup = 1 << 15, FirstVxlanGroup = 1 << 11;

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
        // With several addresses of its own a chassis chooses by the port that a packet comes from.
        if (southbound.Chassis.Find(chassis) is not { } row || Preferred(row) is not [var encap]
            || EncapsOf(_self).Count(own => own.Type == encap.Type) != 1 || TypeOf(encap) is not { } type || PathTo(encap) is not { NextHop: { } nextHop } path)
        {
            return null;
        }

        var overhead = type == TunnelType.Geneve ? GeneveOverhead : VxlanOverhead;
        return new Tunnel(
            new Encapsulation(type, LocalMac(path), nextHop, path.LocalIp, path.RemoteIp, encap.Options.Find("csum") == "true"),
            path.DevicePort, path.Mtu - overhead, row.OtherConfig.Find("is-vtep") == "true", NumberOf(type, path));
    }

    /// <summary>Every remote endpoint that ovn-controller would have a tunnel port for, and packets may come from.</summary>
    /// <returns>With the number that stands for it where packets do not say which port they are from.</returns>
    public IEnumerable<(TunnelType Type, TunnelPath Path, ushort Number)> Peers() => Ends.Select(end => (end.Type, end.Path, NumberOf(end.Type, end.Path)));

    private List<(TunnelType Type, TunnelPath Path)> Ends => field ??=
    [
        .. from chassis in southbound.Chassis
           where chassis.Name != self
           from encap in Preferred(chassis)
           let type = TypeOf(encap)
           let path = PathTo(encap)
           where type is not null && path is not null
           select (type.Value, path),
    ];

    private Dictionary<ushort, int> Numbers => field ??=
        Ends.Where(end => end.Type == TunnelType.Vxlan).CountBy(end => (ushort)end.Path.RemoteIp).ToDictionary();

    // It follows from the address alone, and who would share it with another has none: so no packet is ever taken for another's, while entries are written either.
    private ushort NumberOf(TunnelType type, TunnelPath path) =>
        type == TunnelType.Vxlan && (ushort)path.RemoteIp is var number && Numbers.GetValueOrDefault(number) == 1 ? number : (ushort)0;

    /// <summary>Whether the keys fit into that of VXLAN, which has room for 12 bits of datapath and 12 bits of output port; the upper half of the output ports is for groups (ovn-architecture(7)).</summary>
    public static bool HasVxlanKey(int datapathKey, int outKey) => datapathKey < 1 << 12 && (outKey & (FirstGroup - 1)) < FirstVxlanGroup;

    /// <summary>The tunnel key of VXLAN.</summary>
    public static int VxlanKey(int datapathKey, int outKey) => ((outKey < FirstGroup ? outKey : FirstVxlanGroup | (outKey & (FirstVxlanGroup - 1))) << 12) | datapathKey;

    // ovn-controller's preference is Geneve, then STT, then VXLAN, of what both ends have.
    private List<Encap> Preferred(Chassis chassis)
    {
        if (_self is null || !HaveTunnels(chassis, _self))
        {
            return [];
        }

        var own = EncapsOf(_self);
        var encaps = EncapsOf(chassis).Where(encap => own.Exists(mine => mine.Type == encap.Type)).ToList();
        var best = encaps.Select(Rank).DefaultIfEmpty(-1).Max();
        return [.. encaps.Where(encap => Rank(encap) == best)];
    }

    // Chassis in other transport zones, and in other availability zones unless this one interconnects them, have no tunnel from here (ovn-sb(5), Chassis).
    private static bool HaveTunnels(Chassis chassis, Chassis self) =>
        ((chassis.TransportZones.Count == 0 && self.TransportZones.Count == 0) || chassis.TransportZones.Intersect(self.TransportZones).Any())
        && (chassis.OtherConfig.Find("is-remote") != "true" || self.OtherConfig.Find("is-interconn") == "true");

    private List<Encap> EncapsOf(Chassis? chassis) => [.. (chassis?.Encaps ?? []).Select(uuid => southbound.Encaps.Find(uuid)).OfType<Encap>()];

    private static int Rank(Encap encap) => encap.Type switch { "geneve" => 3, "stt" => 2, "vxlan" => 1, _ => 0 };

    // The device knows the tunnels by their usual UDP ports.
    private static TunnelType? TypeOf(Encap encap) => (encap.Type, encap.Options.Find("dst_port")) switch
    {
        ("geneve", null or "6081") => TunnelType.Geneve,
        ("vxlan", null or "4789") => TunnelType.Vxlan,
        _ => null,
    };

    private TunnelPath? PathTo(Encap encap) =>
        Addresses.Parse(encap.Ip) is (var ip, 32) ? _paths.GetValueOrDefault((uint)ip) : null;

    // With an unknown address of its own a chassis still needs one to send from: locally administered, made of the IP address.
    private static MacAddress LocalMac(TunnelPath path) => path.LocalMac ?? new MacAddress((0x0200UL << 32) | path.LocalIp);
}
