using GatewayOS.Core;

namespace GatewayOS.LogicalFlows;

/// <summary>One <c>backends=</c> item. <paramref name="Port"/> 0 keeps the packet's; only ct_lb_mark_local names a logical port.</summary>
public sealed record LoadBalancerBackend(IpAddress Address, ushort Port, string? LogicalPort = null);
