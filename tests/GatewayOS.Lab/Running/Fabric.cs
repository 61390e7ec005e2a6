using GatewayOS.Lab.Topologies;
using GatewayOS.Linux.Namespaces;

namespace GatewayOS.Lab.Running;

/// <summary>
/// The machines, cables and physical switches of a lab: a namespace for each machine, and one for the switches. That of the underlay
/// is a Linux bridge; that of the provider network an OVS, because not every kernel has VLANs.
/// </summary>
internal sealed class Fabric(Topology topology, LabRun run, Device device)
{
    public const string Central = "central";
    private const string Switches = "net";
    public const int UnderlayMtu = 1600;
    public const int MachineMtu = 1500;

    public string NamespaceOf(string node) => $"{run.Name}-{node}";

    /// <summary>The end of a machine's cable that is in the namespace of its chassis.</summary>
    public static string PortOf(Machine machine) => $"v-{machine.Name}";

    public async Task BuildAsync(CancellationToken token)
    {
        string[] infrastructure = [Central, Switches, .. topology.Chassis.Select(chassis => chassis.Name)];
        string[] hosts = [topology.External.Name, .. topology.Machines.Select(machine => machine.Name)];
        await Tool.IpAsync(null, infrastructure.Concat(hosts).Select(node => $"netns add {NamespaceOf(node)}"), token);
        foreach (var node in infrastructure)
        {
            // The underlay is IPv4; the kernel's own neighbour discovery would only add packets nobody sent.
            // The cards of a software switch are the kernel's too, which would answer there for the address of br-phys, with the card's MAC address, and sometimes be believed.
            Set(node, ("ipv6/conf/default/disable_ipv6", "1"), ("ipv4/conf/all/arp_ignore", "1"));
        }

        foreach (var node in hosts)
        {
            Set(node, ("ipv6/conf/default/accept_dad", "0"), ("ipv6/conf/default/accept_ra", "0"), ("ipv6/conf/default/router_solicitations", "0"));
        }

        await Tool.IpAsync(
            NamespaceOf(Switches),
            ["link add und type bridge stp_state 0 mcast_snooping 0", $"link set und mtu {UnderlayMtu} up"],
            token);
        await Task.WhenAll([.. topology.Chassis.Select(chassis => ChassisAsync(chassis, token)), ExternalAsync(token)]);
        await Task.WhenAll(topology.Machines.Select(machine => MachineAsync(machine, token)));
        await new OpenVSwitch(NamespaceOf(Switches), Path.Combine(run.Folder, Switches)).StartAsync(
            [
                "add-br provider -- set Bridge provider datapath_type=netdev",
                .. topology.Chassis.Where(chassis => chassis.HasProviderNetwork).Select(chassis => $"add-port provider {ProviderPlug(chassis.Name)}"),
                $"add-port provider {ProviderPlug(topology.External.Name)} tag={topology.External.Vlan}",
            ],
            token);
    }

    private async Task ChassisAsync(Chassis chassis, CancellationToken token)
    {
        var (node, underlay, provider) = (chassis.Name, DevicePort.Underlay.Card, DevicePort.Provider.Card);
        await Tool.IpAsync(
            NamespaceOf(node),
            [
                "link set lo up",
                .. Cable(underlay, UnderlayPlug(node)),
                .. chassis.HasProviderNetwork ? Cable(provider, ProviderPlug(node)) : [],
                .. device == Device.None ? [] : DevicePort.Of(topology, chassis).SelectMany(WayToOvs),
            ],
            token);
        await Tool.IpAsync(
            NamespaceOf(Switches),
            [
                $"link set {UnderlayPlug(node)} mtu {UnderlayMtu} master und up",
                .. chassis.HasProviderNetwork ? [$"link set {ProviderPlug(node)} mtu {UnderlayMtu} up"] : Array.Empty<string>(),
            ],
            token);
    }

    private static string UnderlayPlug(string node) => $"u-{node}";

    private static string ProviderPlug(string node) => $"e-{node}";

    private IEnumerable<string> Cable(string card, string plug) =>
        [$"link add {card} mtu {UnderlayMtu} type veth peer name {plug} netns {NamespaceOf(Switches)}", $"link set {card} up"];

    private IEnumerable<string> WayToOvs(DevicePort port) =>
    [
        $"link add {port.ExceptionEnd} mtu {port.Mtu} type veth peer name {port.Representor} mtu {port.Mtu}",
        $"link set {port.ExceptionEnd} up",
        $"link set {port.Representor} up",
        .. port.IsSlot ? Wire(port.Card, port.Mtu) : [],
        .. device == Device.Wire ? WireTo(port) : [],
    ];

    private static IEnumerable<string> WireTo(DevicePort port)
    {
        var wire = port.IsSlot ? port.Card : $"w-{port.Card}";
        return
        [
            .. port.IsSlot ? [] : Wire(wire, port.Mtu).Append($"link set {port.Card} master {wire}"),
            $"link set {port.ExceptionEnd} master {wire}",
        ];
    }

    /// <summary>A bridge of two ports that forgets at once what it learned is a wire. One of one port is too: its other end is the bridge itself.</summary>
    private static IEnumerable<string> Wire(string name, int mtu) =>
        [$"link add {name} type bridge stp_state 0 mcast_snooping 0 ageing_time 0", $"link set {name} mtu {mtu} up"];

    private async Task ExternalAsync(CancellationToken token)
    {
        var host = topology.External;
        await Tool.IpAsync(
            NamespaceOf(host.Name),
            [
                "link set lo up",
                $"link add eth0 address {host.Mac} type veth peer name {ProviderPlug(host.Name)} netns {NamespaceOf(Switches)}",
                "link set eth0 up",
                .. host.Addresses.Select(address => $"addr add {address} dev eth0"),
            ],
            token);
        await Tool.IpAsync(NamespaceOf(Switches), [$"link set {ProviderPlug(host.Name)} up"], token);
        await Tool.IpAsync(NamespaceOf(host.Name), host.Routes.Select(route => $"route add {route.Destination} via {route.Via}"), token);
        KeepNeighbors(host.Name);
        await WholePacketsAsync(host.Name, token);
    }

    private async Task MachineAsync(Machine machine, CancellationToken token)
    {
        await Tool.IpAsync(
            NamespaceOf(machine.Name),
            [
                "link set lo up",
                $"link add eth0 mtu {MachineMtu} address {machine.Mac} type veth peer name {PortOf(machine)} mtu {MachineMtu} netns {NamespaceOf(machine.Chassis)}",
                "link set eth0 up",
                .. machine.Addresses.Select(address => $"addr add {address} dev eth0"),
            ],
            token);
        await Tool.IpAsync(NamespaceOf(machine.Name), machine.Gateways.Select(gateway => $"route add default via {gateway}"), token);
        KeepNeighbors(machine.Name);
        await WholePacketsAsync(machine.Name, token);
    }

    /// <summary>
    /// A host that asks again for a neighbour it knows does so from its link-local address, which OVN learns: a change of the network that nobody
    /// has made. In a lab neighbours stay what they were for an hour.
    /// </summary>
    private void KeepNeighbors(string node) =>
        Set(node, ("ipv6/neigh/eth0/base_reachable_time_ms", "3600000"), ("ipv6/neigh/eth0/delay_first_probe_time", "3600"));

    /// <summary>
    /// Between virtual cards the kernel leaves checksums out and segments joined; a real wire carries neither. What a sender
    /// does not leave out is whole at every later card too.
    /// </summary>
    private Task<string> WholePacketsAsync(string node, CancellationToken token) =>
        Tool.RunAsync(NamespaceOf(node), "ethtool", ["-K", "eth0", "tx", "off", "gro", "off"], token: token);

    private void Set(string node, params (string Key, string Value)[] settings) =>
        NetworkNamespace.Run(NetworkNamespace.PathOf(NamespaceOf(node)), () =>
        {
            foreach (var (key, value) in settings)
            {
                File.WriteAllText($"/proc/sys/net/{key}", value);
            }

            return true;
        });
}
