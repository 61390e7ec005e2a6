namespace GatewayOS.Reference;

/// <summary>
/// Where ovn-trace 23.03.1 and 25.03.0 knowingly or by mistake does less than ovn-controller and OVS. With a limit set the interpreter does as ovn-trace
/// does, so that all else can be compared word by word; without it, it does what a chassis does.
/// </summary>
[Flags]
public enum OvnTraceLimits
{
    None = 0,

    /// <summary><c>ct_snat;</c> in a gateway router ends the trace; really it undoes a translation, if there is one, and goes on.</summary>
    UnsnatEndsInGatewayRouter = 1 << 0,

    /// <summary>The flags are cleared with the registers between ingress and egress; really they survive.</summary>
    FlagsClearedBeforeEgress = 1 << 1,

    /// <summary>A packet keeps registers, flags and conntrack state through a patch port; really they are cleared (table 65).</summary>
    PatchPortKeepsState = 1 << 2,

    /// <summary>The replicas of a multicast group are one packet, changed by one port after the other; really each is a copy.</summary>
    ReplicasShareOnePacket = 1 << 3,

    /// <summary>
    /// The packet of <c>nd_ns</c> keeps the protocol, the code and the source address of the packet that caused it; really it is a new
    /// neighbour solicitation from the link-local address.
    /// </summary>
    SolicitationKeepsHeaders = 1 << 4,

    /// <summary><c>reject</c> of UDP answers "host unreachable"; really "port unreachable".</summary>
    RejectIsHostUnreachable = 1 << 5,

    /// <summary>Static_MAC_Binding rows are not read.</summary>
    StaticBindingsIgnored = 1 << 6,

    /// <summary>
    /// Port security has no prefixes, no duplicate address detection, lets ports with only IPv6 addresses send ARP and DHCP, does not look into neighbour
    /// discovery where only a MAC address is given, and considers one entry for each MAC address.
    /// </summary>
    SimplePortSecurity = 1 << 7,

    /// <summary>
    /// <c>check_pkt_larger</c>, <c>chk_ecmp_nh</c>, <c>chk_ecmp_nh_mac</c>, <c>chk_lb_aff</c>, <c>ct_nw_dst</c>, <c>ct_ip6_dst</c> and <c>ct_tp_dst</c> leave their result as it was;
    /// really they clear or set it.
    /// </summary>
    ResultsLeftUnset = 1 << 8,

    /// <summary>
    /// A hairpin is recognised by any load balancer's virtual address, the first found; an answer as well; <c>ct_snat_to_vip</c> does not
    /// rewrite.
    /// </summary>
    SimpleHairpin = 1 << 9,

    /// <summary>Translations do not rewrite ports.</summary>
    NatKeepsPorts = 1 << 10,

    /// <summary><c>fwd_group</c> does nothing; really it picks a port and sends the packet there.</summary>
    ForwardingGroupsIgnored = 1 << 11,

    /// <summary>The packet of <c>sctp_abort</c> over IPv6 is TCP.</summary>
    Ipv6AbortIsTcp = 1 << 12,

    /// <summary><c>reject</c> does not answer a packet whose source port is 3 or ICMP type is 3, nor a TCP or SCTP packet with the flag RST.</summary>
    NoRejectOfErrors = 1 << 13,

    /// <summary>Everything that ovn-trace 23.03.1 and 25.03.0 do differently.</summary>
    All = (1 << 14) - 1,
}
