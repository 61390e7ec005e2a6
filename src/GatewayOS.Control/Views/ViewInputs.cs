using GatewayOS.Core;
using GatewayOS.Linux.Netlink;
using GatewayOS.Ovn;

namespace GatewayOS.Control.Views;

/// <summary>Everything that a device view is made of.</summary>
/// <param name="Local">The local Open_vSwitch database.</param>
/// <param name="Southbound">For what concerns tunnels as a whole (ipsec).</param>
/// <param name="Pairs">The configuration.</param>
/// <param name="Links">The kernel's links by name.</param>
/// <param name="Paths">The way to each remote tunnel endpoint that has one.</param>
public sealed record ViewInputs(
    LocalOpenVSwitch Local, Southbound Southbound, EquatableArray<PortPair> Pairs,
    IReadOnlyDictionary<string, Link> Links, EquatableArray<UnderlayPath> Paths);
