using GatewayOS.Core;

namespace GatewayOS.Compiler;

/// <summary>The underlay's way to one remote tunnel endpoint.</summary>
/// <param name="LocalMac">The outer Ethernet address of this chassis; null if unknown: then any is accepted, and one is derived to send.</param>
/// <param name="NextHop">The outer destination; null while the neighbour is unresolved: then nothing is sent that way.</param>
/// <param name="Mtu">The largest outer IP packet, octets.</param>
public sealed record TunnelPath(uint RemoteIp, uint LocalIp, int DevicePort, MacAddress? LocalMac, MacAddress? NextHop, int Mtu);
