using GatewayOS.Compiler;
using GatewayOS.Core;
using GatewayOS.Ovn;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Control.Ports;

/// <summary>The device that a chassis would have if nobody says otherwise: port 1 for the underlay, then one for each network and each VIF.</summary>
/// <remarks>To see what a southbound database compiles to; every remote chassis is taken as a resolved neighbour.</remarks>
public static class AssumedDevice
{
    private const int HighestPort = 254, EthernetMtu = 1500;

    // Locally administered addresses that stand for those of the underlay.
    private static readonly MacAddress s_local = new(0x0200_0000_0001), s_remote = new(0x0200_0000_0002);

    public static DeviceView Of(Southbound southbound, string chassisName)
    {
        var chassis = southbound.Chassis.FirstOrDefault(row => row.Name == chassisName);
        var interfaces = southbound.PortBindings
            .Where(port => port.Type == "" && port.ParentPort is null && chassis is not null && port.Chassis == chassis.Uuid)
            .Select(port => port.LogicalPort).Order(StringComparer.Ordinal);
        var ports = Networks(southbound, chassis).Select(name => (Name: name, IsNetwork: true))
            .Concat(interfaces.Select(name => (Name: name, IsNetwork: false)))
            .Take(HighestPort - 1)
            .Select((port, index) => new DevicePort(
                index + 2, port.Name, port.IsNetwork ? [port.Name] : [], port.IsNetwork ? null : port.Name, EthernetMtu, []));
        var localIp = Addresses(southbound, row => row.Name == chassisName).FirstOrDefault();
        var tunnels = Addresses(southbound, row => row.Name != chassisName)
            .Select(remote => new TunnelPath(remote, localIp, 1, s_local, s_remote, EthernetMtu));
        return new DeviceView(
            [new DevicePort(1, "underlay", [], null, EthernetMtu, []), .. ports], localIp == 0 ? [] : tunnels.ToEquatableArray());
    }

    // A chassis publishes its mappings; one that never ran has none, and gets all networks.
    private static IEnumerable<string> Networks(Southbound southbound, Chassis? chassis)
    {
        var mappings = chassis?.OtherConfig.Find("ovn-bridge-mappings") ?? chassis?.ExternalIds.Find("ovn-bridge-mappings") ?? "";
        var mapped = mappings.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split(':')[0]).ToList();
        return mapped.Count > 0
            ? mapped
            : southbound.PortBindings.Where(port => port.Type == "localnet").Select(port => port.Options.Find("network_name")).OfType<string>()
                .Distinct().Order(StringComparer.Ordinal);
    }

    private static IEnumerable<uint> Addresses(Southbound southbound, Func<Chassis, bool> which) =>
        southbound.Chassis.Where(which).SelectMany(row => row.Encaps).Select(uuid => southbound.Encaps.Find(uuid)?.Ip)
            .Where(ip => IpAddress.TryParseV4(ip, out _)).Select(ip => IpAddress.TryParseV4(ip, out var value) ? value : 0).Distinct().Order();
}
