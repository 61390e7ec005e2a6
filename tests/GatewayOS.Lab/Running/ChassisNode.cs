using GatewayOS.Lab.Topologies;

namespace GatewayOS.Lab.Running;

/// <summary>One chassis: its own OVS and ovn-controller.</summary>
internal sealed class ChassisNode(Chassis chassis, IReadOnlyList<Machine> machines, string network, string folder, string southbound, Device device)
{
    public OpenVSwitch Switch { get; } = new(network, folder);

    public async Task StartSwitchAsync(CancellationToken token)
    {
        await Switch.StartAsync(Configuration(), token);
        await Tool.IpAsync(
            network,
            [
                "link set br-int up",
                $"link set br-phys mtu {Fabric.UnderlayMtu} up",
                $"addr add {chassis.EncapsulationAddress}/24 dev br-phys",
            ],
            token);
    }

    public async Task StartControllerAsync(CancellationToken token) =>
        await Switch.RunAsync("ovn-controller", [.. DaemonOptions.For(folder, "ovn-controller"), Switch.Remote], token);

    /// <summary>Waits until ovn-controller has installed the flows of all machines.</summary>
    public async Task WaitUntilInstalledAsync(CancellationToken token)
    {
        foreach (var machine in machines)
        {
            await Switch.ConfigureAsync(["wait-until", "Interface", Fabric.PortOf(machine), "external_ids:ovn-installed=true"], token);
        }
    }

    private IEnumerable<string> Configuration()
    {
        var deviceHere = chassis.IsGateway ? device : Device.None;
        return
        [
            $"set Open_vSwitch . external-ids:system-id={chassis.Name} external-ids:hostname={chassis.Name}",
            $"set Open_vSwitch . external-ids:ovn-remote={southbound} external-ids:ovn-encap-type=geneve",
            $"set Open_vSwitch . external-ids:ovn-encap-ip={chassis.EncapsulationAddress} external-ids:ovn-bridge-datapath-type=netdev",
            "add-br br-int -- set Bridge br-int datapath_type=netdev fail-mode=secure other-config:disable-in-band=true",
            $"add-br br-phys -- set Bridge br-phys datapath_type=netdev other-config:hwaddr=02:00:00:31:00:{chassis.Number:x2}",
            $"add-port br-phys {DevicePort.Underlay.OvsPort(deviceHere)}",
            .. machines.Select(machine =>
                $"add-port br-int {Fabric.PortOf(machine)} -- set Interface {Fabric.PortOf(machine)} external-ids:iface-id={machine.Name}"),
            .. chassis.IsGateway ? ProviderNetwork() : [],
        ];
    }

    private IEnumerable<string> ProviderNetwork() =>
    [
        "add-br br-ex -- set Bridge br-ex datapath_type=netdev",
        $"add-port br-ex {DevicePort.Provider.OvsPort(device)}",
        $"set Open_vSwitch . external-ids:ovn-bridge-mappings={Topology.PhysicalNetwork}:br-ex external-ids:ovn-cms-options=enable-chassis-as-gw",
    ];
}
