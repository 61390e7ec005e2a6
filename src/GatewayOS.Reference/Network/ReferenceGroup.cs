using GatewayOS.Core;
using GatewayOS.Ovn.Rows;

namespace GatewayOS.Reference.Network;

/// <summary>A multicast group with its ports in the order of their names.</summary>
public sealed record ReferenceGroup(MulticastGroup Row, EquatableArray<ReferencePort> Ports);
