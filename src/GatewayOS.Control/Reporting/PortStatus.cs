namespace GatewayOS.Control.Reporting;

/// <param name="Punted">Packets left to OVS since the device started; likewise the next two. Null while they cannot be read.</param>
public sealed record PortStatus(
    int Device, string Exception, IReadOnlyList<string> Networks, string? InterfaceId, long? Punted, long? Forwarded, long? Dropped);
