using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>A front port of the device.</summary>
/// <param name="Number">1..255.</param>
/// <param name="Networks">The physical networks (network_name of localnet ports) of the bridge that holds its exception netdev.</param>
/// <param name="InterfaceId">The logical port (external_ids:iface-id) if a VIF is attached; else null.</param>
/// <param name="Mtu">The largest IP packet that may leave by it, octets.</param>
/// <param name="LocalAddresses">MAC addresses of the host itself on this segment: frames to them are for its own stack.</param>
public sealed record DevicePort(
    int Number, string Name, EquatableArray<string> Networks, string? InterfaceId, int Mtu, EquatableArray<MacAddress> LocalAddresses);
