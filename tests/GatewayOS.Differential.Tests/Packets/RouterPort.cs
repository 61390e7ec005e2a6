using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <param name="Name">The logical router port.</param>
/// <param name="Mac">Its own.</param>
/// <param name="Addresses">Likewise.</param>
/// <param name="IsOfGatewayRouter">Its router lives on one chassis as a whole.</param>
/// <param name="Vlan">Of the provider network it is on (0: untagged); null if it is on none.</param>
/// <param name="Entrance">Where tunnels end that lead to it on this chassis: its chassisredirect port, or the plug of a gateway router; null if there is none.</param>
/// <param name="Neighbors">MAC addresses known on it.</param>
/// <param name="Acquaintances">IPv4 addresses known on it, with their MAC addresses.</param>
/// <param name="RouterKeys">Tunnel keys of the ports of its router.</param>
/// <param name="SwitchKeys">Those of its switch.</param>
internal sealed record RouterPort(
    string Name, MacAddress Mac, EquatableArray<IpAddress> Addresses, bool IsOfGatewayRouter, int? Vlan, TunnelKey? Entrance, EquatableArray<MacAddress> Neighbors,
    EquatableArray<(UInt128 Address, MacAddress Mac)> Acquaintances, EquatableArray<int> RouterKeys, EquatableArray<int> SwitchKeys);
