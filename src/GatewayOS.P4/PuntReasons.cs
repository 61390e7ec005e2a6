using System.Diagnostics;

namespace GatewayOS.P4;

/// <summary>The catalogue of <see cref="PuntReason"/>.</summary>
public static class PuntReasons
{
    /// <summary>The first reason that the compiler may give.</summary>
    public const int FirstOfCompiler = 64;

    /// <summary>The number of reasons that the device counts.</summary>
    public const int Count = 4096;

    /// <summary>A clause that completes "the packet was left to software because of".</summary>
    public static string Describe(PuntReason reason) => reason switch
    {
        PuntReason.None => "no reason",
        PuntReason.NotIp => "a payload that is neither IP nor an ARP request",
        PuntReason.GroupAddress => "a multicast or broadcast Ethernet address",
        PuntReason.OptionsOrExtensions => "IPv4 options or an IPv6 extension header",
        PuntReason.Fragment => "an IP fragment",
        PuntReason.TimeToLive => "a TTL or hop limit too low to pass the routers",
        PuntReason.Malformed => "a truncated or malformed header",
        PuntReason.Martian => "a martian address",
        PuntReason.ControlProtocol => "a control protocol (IGMP, MLD, ND, DHCP, BFD)",
        PuntReason.TunnelHeader => "a tunnel header with unknown options, flags or payload",
        PuntReason.VlanStack => "more VLAN tags than the pipeline reads",
        PuntReason.Checksum => "a wrong checksum",
        PuntReason.UnknownTunnelPeer => "a tunnel peer that is not configured",
        PuntReason.NoEntryPoint => "a port, VLAN or tunnel key without an entry",
        PuntReason.NoEntry => "a state without a matching entry",
        PuntReason.TooLarge => "a length beyond the limit of the output",
        PuntReason.NoOutput => "an output that is not configured",
        PuntReason.ConnectionLifecycle => "TCP flags that open or close a connection",
        _ => throw new UnreachableException($"punt reason {reason}"),
    };
}
