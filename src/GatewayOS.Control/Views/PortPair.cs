namespace GatewayOS.Control.Views;

/// <summary>A front port of the device and the netdev that OVS has in its place.</summary>
/// <param name="Device">1 to 254.</param>
/// <param name="Exception">The name of the exception netdev.</param>
public sealed record PortPair(int Device, string Exception);
