using GatewayOS.Ovn;
using GatewayOS.Ovn.LocalRows;

namespace GatewayOS.Control.Views;

/// <summary>What OVS does in a bridge beyond handing frames on, so that a device in front of it must not do it instead.</summary>
/// <remarks>
/// Each answer is the reason with its remedy, or null when there is none; see ovs-vswitchd.conf.db(5). Rules that somebody adds with
/// ovs-ofctl to a bridge without fail_mode secure are in no database, so they cannot be seen here.
/// </remarks>
internal sealed class BridgeOddities(LocalOpenVSwitch local)
{
    /// <summary>What happens at one port, whatever its bridge does.</summary>
    public string? Of(Port port, Interface device) =>
        port.Interfaces.Count > 1 ? $"it is part of the bond {port.Name}, left to OVS; use one port of the device for each link"
        : HasVlanSettings(port) ? "its OVS port has VLAN settings (tag, trunks or vlan_mode), left to OVS; set the VLAN in OVN instead"
        : port.IsProtected ? "its OVS port is protected, left to OVS; set protected=false"
        : local.Qos.Find(port.Qos) is { IsNone: false } ? "its OVS port shapes packets, left to OVS; clear its qos"
        : device.IngressPolicingRate > 0 || device.IngressPolicingKpktsRate > 0 ? "its OVS interface polices packets, left to OVS; remove ingress_policing_*"
        : null;

    /// <summary>What happens to packets of any port of the bridge; mirrors aside.</summary>
    public static string? Of(Bridge bridge) =>
        bridge.Controllers.Count > 0 ? $"the bridge {bridge.Name} obeys an OpenFlow controller, left to OVS; ovs-vsctl del-controller {bridge.Name}"
        : bridge.StpEnable || bridge.RstpEnable ? $"the bridge {bridge.Name} runs a spanning tree, left to OVS; set stp_enable and rstp_enable to false"
        : bridge.McastSnoopingEnable ? $"the bridge {bridge.Name} snoops multicast, left to OVS; set mcast_snooping_enable to false"
        : bridge.Sflow is not null || bridge.Netflow is not null || bridge.Ipfix is not null
            ? $"the bridge {bridge.Name} samples packets, left to OVS; clear its sflow, netflow and ipfix"
        : null;

    public static bool HasVlanSettings(Port port) => port.Tag is not null || port.Trunks.Count > 0 || port.VlanMode is not null;

    /// <summary>A mirror copies packets of the bridge, or takes a port out of it.</summary>
    public string? MirrorOf(Bridge bridge) =>
        MirrorsOf(bridge).FirstOrDefault() is { } mirror ? $"the mirror {mirror.Name} of the bridge {bridge.Name} copies packets, left to OVS; remove it" : null;

    /// <summary>A mirror of the integration bridge is about one port.</summary>
    public string? MirrorOf(Bridge integration, Port port) =>
        MirrorsOf(integration).FirstOrDefault(mirror => PortsOf(mirror).Contains(port.Uuid)) is { } mirror
            ? $"the mirror {mirror.Name} of the bridge {integration.Name} copies its packets, left to OVS; remove it" : null;

    /// <summary>A mirror of the integration bridge may copy packets that never pass a port of a machine here.</summary>
    public string? WideMirrorOf(Bridge integration)
    {
        var machines = local.InterfacesOf(integration).Where(pair => pair.Interface.IfaceId is not null).Select(pair => pair.Port.Uuid).ToHashSet();
        return MirrorsOf(integration).FirstOrDefault(mirror => mirror.SelectAll || !PortsOf(mirror).All(port => machines.Contains(port) || port == mirror.OutputPort)) is { } mirror
            ? $"the mirror {mirror.Name} of the bridge {integration.Name} copies packets, left to OVS; have it select ports of machines only, or remove it" : null;
    }

    private IEnumerable<Mirror> MirrorsOf(Bridge bridge) => bridge.Mirrors.Select(uuid => local.Mirrors.Find(uuid)).OfType<Mirror>();

    private static IEnumerable<Guid> PortsOf(Mirror mirror) =>
        mirror.OutputPort is { } output ? [.. mirror.SelectSrcPort, .. mirror.SelectDstPort, output] : [.. mirror.SelectSrcPort, .. mirror.SelectDstPort];
}
