using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>A machine on the chassis.</summary>
/// <param name="Card">The front port it is behind.</param>
/// <param name="Vlan">Of a container, the VLAN in which its machine hands on its packets; else 0.</param>
/// <param name="Key">Where tunnels end that lead to it.</param>
/// <param name="Macs">Its own, of its binding.</param>
/// <param name="Addresses">Likewise.</param>
/// <param name="Routers">MAC addresses of the routers on its switch.</param>
/// <param name="Neighbors">Those of the other machines on its switch.</param>
internal sealed record LocalMachine(
    int Card, int Vlan, TunnelKey Key, EquatableArray<MacAddress> Macs, EquatableArray<IpAddress> Addresses, EquatableArray<MacAddress> Routers,
    EquatableArray<MacAddress> Neighbors);
