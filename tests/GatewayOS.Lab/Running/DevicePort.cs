using GatewayOS.Core;
using GatewayOS.Lab.Topologies;

namespace GatewayOS.Lab.Running;

/// <summary>A front port of a device, and its way to OVS (p4/README.md, "Ports").</summary>
/// <param name="Card">The network card that is the front port <paramref name="Number"/> of the device.</param>
/// <param name="Number">1..255; the exception port is Number + 256.</param>
/// <param name="Bridge">The OVS bridge it belongs to.</param>
/// <param name="Mtu">Of the card and of the exception pair.</param>
public sealed record DevicePort(string Card, int Number, string Bridge, int Mtu)
{
    public static DevicePort Underlay { get; } = new("und0", 1, "br-phys", Fabric.UnderlayMtu);

    public static DevicePort Provider { get; } = new("ext0", 2, "br-ex", Fabric.UnderlayMtu);

    /// <summary>A machine can be plugged into it, and unplugged: the card is a bridge, and stays when the machine's cable goes elsewhere.</summary>
    public bool IsSlot => Bridge == "br-int";

    /// <summary>The device's end of the exception pair.</summary>
    public string ExceptionEnd => Card + "x";

    /// <summary>OVS's end of it: the exception netdev.</summary>
    public string Representor => Card + "r";

    public int ExceptionNumber => Number + 256;

    /// <summary>The ports of the device of a chassis. A hypervisor has a slot more than it has machines, for one that moves in.</summary>
    public static EquatableArray<DevicePort> Of(Topology topology, Chassis chassis) =>
        chassis.HasDevice ? [Underlay, .. chassis.HasProviderNetwork ? [Provider] : Array.Empty<DevicePort>(), .. Slots(topology.MachinesOn(chassis).Count)] : [];

    /// <summary>What OVS has in its bridge.</summary>
    public string OvsPort(Device device) => device == Device.None ? Card : Representor;

    private static IEnumerable<DevicePort> Slots(int machines) =>
        machines == 0 ? [] : Enumerable.Range(0, machines + 1).Select(i => new DevicePort($"vif{i}", Provider.Number + 1 + i, "br-int", Fabric.MachineMtu));
}
