using System.Runtime.InteropServices;
using GatewayOS.Connections;
using GatewayOS.Core;

namespace GatewayOS.Compiler.Network;

/// <summary>A virtual address that may lead a backend back to itself (tables 68 and 69 of br-int; controller/lflow.c, add_lb_vip_hairpin_flows).</summary>
/// <param name="Protocol">What the ports are ports of.</param>
/// <param name="Vip">Where the backend sends.</param>
/// <param name="Backend">Who that is.</param>
/// <param name="Answers">What its own packets then seem to come from, so that its answers come back: the virtual address, or <c>hairpin_snat_ip</c>.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Hairpin(TransportProtocol Protocol, LoadBalancerEnd Vip, LoadBalancerEnd Backend, IpAddress Answers)
{
    /// <summary>Whether packets of a connection to the virtual address, balanced, are for whom they are from.</summary>
    /// <param name="sent">As they came.</param>
    /// <param name="balanced">As they are now.</param>
    public bool LeadsBack(in ConnectionTuple sent, in ConnectionTuple balanced) =>
        balanced.SourceAddress == Backend.Address && balanced.DestinationAddress == Backend.Address && sent.DestinationAddress == Vip.Address
        && (Backend.Port == 0 || (balanced.Protocol == Protocol && balanced.DestinationPort == Backend.Port && sent.DestinationPort == Vip.Port));

    /// <summary>Whether packets answer such: a flow that the first of them leaves behind knows it.</summary>
    public bool IsAnswer(in ConnectionTuple tuple) =>
        tuple.SourceAddress == Backend.Address && tuple.DestinationAddress == Answers && (Backend.Port == 0 || (tuple.Protocol == Protocol && tuple.SourcePort == Backend.Port));
}
