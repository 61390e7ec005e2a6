using GatewayOS.Core;

namespace GatewayOS.Differential.Tests.Packets;

/// <summary>What a VTEP switch has a part in.</summary>
/// <param name="Chassis">The switch.</param>
/// <param name="Vni">The key of the datapath.</param>
/// <param name="Macs">Those of the machines behind the switch.</param>
/// <param name="Routers">Those of the routers of the datapath.</param>
/// <param name="Neighbors">Those of its other machines.</param>
internal sealed record VtepPort(string Chassis, int Vni, EquatableArray<MacAddress> Macs, EquatableArray<MacAddress> Routers, EquatableArray<MacAddress> Neighbors);
