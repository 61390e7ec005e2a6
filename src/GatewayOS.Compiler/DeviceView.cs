using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>What the compiler must know of the device and of the host around it.</summary>
public sealed record DeviceView(EquatableArray<DevicePort> Ports, EquatableArray<TunnelPath> Tunnels)
{
    public static readonly DeviceView Empty = new([], []);
}

/// <summary>A front port of the device.</summary>
/// <param name="Number">1..255.</param>
/// <param name="Networks">The physical networks (network_name of localnet ports) of the bridge that holds its exception netdev.</param>
/// <param name="InterfaceId">The logical port (external_ids:iface-id) if a VIF is attached; else null.</param>
/// <param name="Mtu">The largest IP packet that may leave by it, octets.</param>
/// <param name="LocalAddresses">MAC addresses of the host itself on this segment: frames to them are for its own stack.</param>
public sealed record DevicePort(
    int Number, string Name, EquatableArray<string> Networks, string? InterfaceId, int Mtu, EquatableArray<MacAddress> LocalAddresses);

/// <summary>The underlay's way to one remote tunnel endpoint.</summary>
/// <param name="LocalMac">The outer Ethernet address of this chassis; null if unknown: then any is accepted, and one is derived to send.</param>
/// <param name="NextHop">The outer destination; null while the neighbour is unresolved: then nothing is sent that way.</param>
/// <param name="Mtu">The largest outer IP packet, octets.</param>
public sealed record TunnelPath(uint RemoteIp, uint LocalIp, int DevicePort, MacAddress? LocalMac, MacAddress? NextHop, int Mtu);
