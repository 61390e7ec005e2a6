using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>
/// What <c>ct_snat(address,low-high)</c> rewrites to.
/// <paramref name="PortLow"/>: 0 when no ports were given.
/// <paramref name="PortHigh"/>: 0 when it is a single port.
/// </summary>
public sealed record NatTarget(IpAddress Address, ushort PortLow = 0, ushort PortHigh = 0, bool HasPorts = false);
