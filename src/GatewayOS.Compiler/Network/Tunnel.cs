using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Network;

/// <summary>The tunnel to a chassis.</summary>
/// <param name="MaxLength">The largest inner frame, octets from its Ethernet header.</param>
public sealed record Tunnel(Encapsulation Encapsulation, int DevicePort, int MaxLength);
