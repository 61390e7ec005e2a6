using GatewayOS.Lab.Topologies;

namespace GatewayOS.Lab.Running;

/// <summary>One chassis: its own OVS and ovn-controller, and the machines that are plugged into it.</summary>
internal sealed class ChassisNode
{
    private readonly Chassis _chassis;
    private readonly IReadOnlyList<Machine> _machines;
    private readonly string _network;
    private readonly string _folder;
    private readonly string _southbound;

    /// <summary>None also where the lab has a device, but not on this chassis.</summary>
    private readonly Device _device;

    private readonly Queue<DevicePort> _freeSlots;
    private readonly Dictionary<string, DevicePort> _slots = [];

    public ChassisNode(Topology topology, Chassis chassis, string network, string folder, string southbound, Device device)
    {
        (_chassis, _network, _folder, _southbound) = (chassis, network, folder, southbound);
        _machines = topology.MachinesOn(chassis);
        _device = chassis.HasDevice ? device : Device.None;
        _freeSlots = new(DevicePort.Of(topology, chassis).Where(port => port.IsSlot));
        Switch = new OpenVSwitch(network, folder);
    }

    public OpenVSwitch Switch { get; }

    public async Task StartSwitchAsync(CancellationToken token)
    {
        await Tool.IpAsync(_network, _machines.Select(Plug), token);
        await Switch.StartAsync(Configuration(), token);
        await Tool.IpAsync(
            _network,
            [
                "link set br-int up",
                $"link set br-phys mtu {Fabric.UnderlayMtu} up",
                $"addr add {_chassis.EncapsulationAddress}/24 dev br-phys",
            ],
            token);
    }

    public async Task StartControllerAsync(CancellationToken token) =>
        await Switch.RunAsync("ovn-controller", [.. DaemonOptions.For(_folder, "ovn-controller"), Switch.Remote], token);

    /// <summary>Waits until ovn-controller has installed the flows of all machines.</summary>
    public async Task WaitUntilInstalledAsync(CancellationToken token)
    {
        foreach (var machine in _machines)
        {
            await WaitUntilInstalledAsync(machine, token);
        }
    }

    /// <summary>Takes a machine in whose cable has come to this namespace, and waits until its port is up.</summary>
    public async Task AttachAsync(Machine machine, CancellationToken token)
    {
        await Tool.IpAsync(_network, [Plug(machine)], token);
        await Switch.ConfigureAsync(AddPort(machine).Split(' '), token);
        await WaitUntilInstalledAsync(machine, token);
    }

    /// <summary>Lets a machine go: its port is gone, its slot is free, its cable is loose.</summary>
    public async Task DetachAsync(Machine machine, CancellationToken token)
    {
        await Switch.ConfigureAsync(["del-port", "br-int", OvsPortOf(machine)], token);
        await Tool.IpAsync(_network, [$"link set {Fabric.PortOf(machine)} nomaster"], token);
        if (_slots.Remove(machine.Name, out var slot))
        {
            _freeSlots.Enqueue(slot);
        }
    }

    /// <summary>What br-int has of a machine: its cable, or the exception netdev of the slot that it is plugged into.</summary>
    private string OvsPortOf(Machine machine) => _slots.TryGetValue(machine.Name, out var slot) ? slot.Representor : Fabric.PortOf(machine);

    private string Plug(Machine machine)
    {
        if (_device == Device.None)
        {
            return $"link set {Fabric.PortOf(machine)} up";
        }

        var slot = _freeSlots.TryDequeue(out var free) ? free : throw new LabException($"{_chassis.Name} has no free slot for {machine.Name}.");
        _slots.Add(machine.Name, slot);
        return $"link set {Fabric.PortOf(machine)} master {slot.Card} up";
    }

    private Task<string> WaitUntilInstalledAsync(Machine machine, CancellationToken token) =>
        Switch.ConfigureAsync(["wait-until", "Interface", OvsPortOf(machine), "external_ids:ovn-installed=true"], token);

    private string AddPort(Machine machine) =>
        $"add-port br-int {OvsPortOf(machine)} -- set Interface {OvsPortOf(machine)} external-ids:iface-id={machine.Name}";

    private IEnumerable<string> Configuration() =>
    [
        $"set Open_vSwitch . external-ids:system-id={_chassis.Name} external-ids:hostname={_chassis.Name}",
        $"set Open_vSwitch . external-ids:ovn-remote={_southbound} external-ids:ovn-encap-type=geneve",
        $"set Open_vSwitch . external-ids:ovn-encap-ip={_chassis.EncapsulationAddress} external-ids:ovn-bridge-datapath-type=netdev",
        "add-br br-int -- set Bridge br-int datapath_type=netdev fail-mode=secure other-config:disable-in-band=true",
        $"add-br br-phys -- set Bridge br-phys datapath_type=netdev other-config:hwaddr=02:00:00:31:00:{_chassis.Number:x2}",
        $"add-port br-phys {DevicePort.Underlay.OvsPort(_device)}",
        .. _machines.Select(AddPort),
        .. _chassis.HasProviderNetwork ? ProviderNetwork() : [],
        .. _chassis.IsGateway ? ["set Open_vSwitch . external-ids:ovn-cms-options=enable-chassis-as-gw"] : Array.Empty<string>(),
    ];

    private IEnumerable<string> ProviderNetwork() =>
    [
        "add-br br-ex -- set Bridge br-ex datapath_type=netdev",
        $"add-port br-ex {DevicePort.Provider.OvsPort(_device)}",
        $"set Open_vSwitch . external-ids:ovn-bridge-mappings={Topology.PhysicalNetwork}:br-ex",
    ];
}
