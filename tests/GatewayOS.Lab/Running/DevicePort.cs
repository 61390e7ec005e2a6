using GatewayOS.Core;

namespace GatewayOS.Lab.Running;

/// <summary>A physical port of the gateway chassis, and its way to OVS when a device stands between (p4/README.md, "Ports").</summary>
/// <param name="Card">The network card, front port <paramref name="Number"/> of the device.</param>
/// <param name="Number">1..255; the exception port is Number + 256.</param>
/// <param name="Bridge">The OVS bridge it belongs to.</param>
public sealed record DevicePort(string Card, int Number, string Bridge)
{
    public static DevicePort Underlay { get; } = new("und0", 1, "br-phys");

    public static DevicePort Provider { get; } = new("ext0", 2, "br-ex");

    public static EquatableArray<DevicePort> All => [Underlay, Provider];

    /// <summary>The device's end of the exception pair.</summary>
    public string ExceptionEnd => Card + "x";

    /// <summary>OVS's end of it: the exception netdev.</summary>
    public string Representor => Card + "r";

    public int ExceptionNumber => Number + 256;

    /// <summary>What OVS has in its bridge.</summary>
    public string OvsPort(Device device) => device == Device.None ? Card : Representor;
}
