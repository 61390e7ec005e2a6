namespace GatewayOS.Testing.Pipeline;

/// <summary>A frame at a port of the device.</summary>
public sealed record PortFrame(uint Port, byte[] Octets)
{
    /// <summary>The UDP source port of a tunnel packet is the device's choice, so it is not compared but for its range.</summary>
    public bool AnySourcePort { get; init; }

    public override string ToString() => $"{Port}: {Convert.ToHexStringLower(Octets)}";
}
