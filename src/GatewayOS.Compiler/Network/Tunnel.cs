using GatewayOS.Compiler.Automaton;

namespace GatewayOS.Compiler.Network;

/// <summary>The tunnel to a chassis.</summary>
/// <param name="MaxLength">The largest inner frame, octets from its Ethernet header.</param>
/// <param name="IsVtep">Whether it is a switch that knows no output ports, only datapaths (ovn-architecture(7), VTEP).</param>
/// <param name="Number">Stands for it where packets do not say which port they are from; 0: nothing does.</param>
public sealed record Tunnel(Encapsulation Encapsulation, int DevicePort, int MaxLength, bool IsVtep, ushort Number);
