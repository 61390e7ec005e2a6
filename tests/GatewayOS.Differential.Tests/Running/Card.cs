namespace GatewayOS.Differential.Tests.Running;

/// <summary>A network card of the chassis.</summary>
/// <param name="Number">The front port of a device that stood there, 1 and up.</param>
/// <param name="Name">Its name on the chassis.</param>
/// <param name="Plug">The name of its far end, which is ours.</param>
/// <param name="Bridge">The bridge of OVS that it is in.</param>
/// <param name="Mtu">Of the card, octets.</param>
/// <param name="LogicalPort">The port of the machine behind it; null if there is none.</param>
internal sealed record Card(int Number, string Name, string Plug, string Bridge, int Mtu, string? LogicalPort)
{
    public const int UplinkMtu = 1600;
    private const int MachineMtu = 1500;

    public static Card Underlay { get; } = new(1, "und0", $"u-{StockChassis.Name}", "br-phys", UplinkMtu, null);

    public static Card Provider { get; } = new(2, "ext0", $"e-{StockChassis.Name}", "br-ex", UplinkMtu, null);

    /// <summary>That of the n-th machine on the chassis, from 0.</summary>
    public static Card Machine(int index, string logicalPort) => new(3 + index, $"vif{index}", $"v-{index}", "br-int", MachineMtu, logicalPort);
}
