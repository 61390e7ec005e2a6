using GatewayOS.Core;

namespace GatewayOS.Linux.Netlink;

/// <summary>A network interface of the kernel.</summary>
/// <param name="Index">What the kernel calls it; positive, unique in its namespace, not used again soon.</param>
/// <param name="Name">What people call it; up to 15 characters.</param>
/// <param name="Mac">Its address, zero for a link without Ethernet.</param>
/// <param name="Mtu">Largest packet in octets, without the Ethernet header.</param>
/// <param name="IsUp">Someone wants it up (IFF_UP).</param>
/// <param name="IsRunning">It is up and has a carrier (IFF_LOWER_UP).</param>
/// <param name="Kind">The driver's word: <c>veth</c>, <c>bridge</c>, <c>vlan</c>, <c>tun</c> ...; empty for hardware.</param>
/// <param name="Master">Index of the bridge or bond it belongs to.</param>
/// <param name="Lower">Index of the link it stands on, or of its peer; it may be in another namespace.</param>
public sealed record Link(
    int Index, string Name, MacAddress Mac, int Mtu, bool IsUp, bool IsRunning, string Kind, int? Master, int? Lower);
