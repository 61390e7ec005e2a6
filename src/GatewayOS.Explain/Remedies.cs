using System.Collections.Frozen;
using GatewayOS.Compiler.Evaluation;
using GatewayOS.P4;

namespace GatewayOS.Explain;

/// <summary>For each reason why packets are left to OVS, what would change it. A test keeps the tables complete.</summary>
public static class Remedies
{
    private const string Resolved =
        "OVN asks for the neighbour's MAC address with this packet; once it is learned (MAC_Binding), the fast path has it. `static-mac-binding-add` makes it permanent.";

    private const string StatelessNat = "Make the NAT rule stateless (`lr-nat-add --stateless`, for dnat_and_snat; `stateless-floating-ips` of the agent does so for all), or give the machine an address that is not translated.";

    private const string Nothing = "Nothing has to change: ";

    private static readonly FrozenDictionary<PuntReason, string> s_program = new Dictionary<PuntReason, string>
    {
        [PuntReason.None] = "The device counted no reason; its program is not the one that this version was made with.",
        [PuntReason.NotIp] = Nothing + "only IPv4 and IPv6 take the fast path; ARP and the like are OVS's and ovn-controller's to answer.",
        [PuntReason.GroupAddress] = Nothing + "of frames for groups the device knows IP multicast and ARP requests to all; OVS does the others.",
        [PuntReason.OptionsOrExtensions] = "Send without IPv4 options or IPv6 extension headers.",
        [PuntReason.Fragment] = "Send packets that fit the MTU of the path, or with DF set, so that nobody fragments them.",
        [PuntReason.TimeToLive] = "Send with a TTL or hop limit of at least 8: software answers when it runs out at a router.",
        [PuntReason.Malformed] = "Find out who sends such frames; the device does not guess what they mean.",
        [PuntReason.Martian] = "Give the packet a source and a destination that routers may pass on, and a source MAC address other than the destination.",
        [PuntReason.ControlProtocol] = Nothing + "these protocols are answered by OVS, ovn-controller or the host.",
        [PuntReason.TunnelHeader] = "Let the peer send tunnel packets as OVN does: one OVN option, no flags, no congestion mark outside.",
        [PuntReason.VlanStack] = "Send at most one 802.1Q tag, and none inside a tunnel.",
        [PuntReason.Checksum] = "Have the sender finish checksums: on a virtual peer (veth, virtio), `ethtool -K NETDEV tx off`.",
        [PuntReason.UnknownTunnelPeer] = "Check that the sender's Encap is in the southbound database, and that `gatewayctl status` knows the way to it.",
        [PuntReason.NoEntryPoint] = "Bind the port: a localnet port with this network and VLAN tag, a VIF with the interface's iface-id, or for tunnels a logical port on this chassis.",
        [PuntReason.NoEntry] = "See `gatewayctl status` for refused entries or full tables; while entries are being written this is normal.",
        [PuntReason.TooLarge] = "Send smaller packets or raise the MTU of the output's link: OVS answers with ICMP or fragments.",
        [PuntReason.NoOutput] = "See `gatewayctl status` for refused entries; the output was not written or is just being removed.",
        [PuntReason.ConnectionLifecycle] = Nothing + "the kernel has to see the packets that open and close a TCP connection; those between take the fast path once the connection is offloaded.",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, string> s_compiler = new Dictionary<string, string>
    {
        [Reasons.Conntrack] = "Use allow-stateless ACLs where connections need not be tracked; else OVS tracks them.",
        [Reasons.Untestable] = "Write the match with fields that the pipeline tests: addresses, IP protocol, ports, DSCP, TCP flags.",
        [Reasons.Unsupported] = "Do without the feature that made this action, if its traffic should be fast; the flow's stage-hint leads to the northbound row.",
        [Reasons.Generated] = Nothing + "software makes the answer or the copy (ARP, ICMP errors, reject, logging, DHCP ...).",
        [Reasons.Flood] = "Give the ports their addresses instead of `unknown`, so that OVN forwards to one port and does not flood.",
        [Reasons.NeighborUnknown] = "It is looked up with the first packet; a static entry (`static-mac-binding-add`) makes it permanent. For a tunnel, see `gatewayctl status`.",
        [Reasons.PortElsewhere] = "Bind the output port to this chassis behind a front port of the device, or to a chassis with a Geneve or VXLAN encapsulation.",
        [Reasons.Unplaceable] = "Use fewer kinds of conditions on one path (policies, source routes, ACLs that test MAC and IP addresses together).",
        [Reasons.TooManyRouters] = "Shorten the chain of logical routers to two between the entry and the exit.",
        [Reasons.Crowd] = "Connect fewer routers (up to 16) to one switch, or put a router of its own between them.",
        [Reasons.TooManyMeters] = "Use fewer QoS rules with a bandwidth on one path: the device counts a packet at two.",
        [Reasons.TooManyDatapaths] = "Shorten the chain of logical switches and routers to two routers between the entry and the exit.",
        [Reasons.Backward] = "Do without the feature that sends packets through the logical pipeline again (load balancer hairpin, logical router loopback).",
        [Reasons.LocalStack] = Nothing + "the packet is for the host itself.",
        [Reasons.HairPin] = Nothing + "OVS decides about packets that would leave where they came in.",
        [Reasons.TableFull] = "See `gatewayctl entries` for what fills the table: fewer ACLs, routes or neighbours, or a device with larger tables.",
        [Reasons.NoPort] = "Create or bind the port that the flow names; until then OVS drops such packets.",
    }.ToFrozenDictionary();

    // What is more to the point for some actions and fields than what holds for their reason: the first that the reason is about, or the action contains.
    private static readonly (string Reason, string Action, string Remedy)[] s_actions =
    [
        (Reasons.Untestable, "ip.ttl", "Match no TTL: the pipeline lowers it once for all routers that a packet passes, and does not look at it."),
        (Reasons.Untestable, "ip.dscp", "Match no DSCP: OVS up to 3.1 takes every value for a match, and the fast path does not guess which OVS this is."),
        (Reasons.Untestable, "ip.ecn", "Match no ECN: OVS up to 3.1 takes every value for a match, and the fast path does not guess which OVS this is."),
        (Reasons.Unsupported, "set_queue", "Do without `qos` options on the port, or mark with DSCP: queues are those of OVS's own interfaces, the device has none of them."),
        (Reasons.PortElsewhere, "type localport", "Nothing has to change: a localport (metadata, DNS) is an interface of the host, not behind the device."),
        (Reasons.Flood, "a bridge with a port of the host", Nothing + "the bridge floods frames to addresses that nobody has, to the host's own port too."),
        (Reasons.Generated, "arp {", Resolved),
        (Reasons.Generated, "nd_ns {", Resolved),
        (Reasons.Generated, "reject {", "Let the ACL drop instead of reject, if nobody has to be told: drops take the fast path."),
        (Reasons.Generated, "log(", "Do without logging, or without a label, in this ACL: software writes the log."),
        (Reasons.Conntrack, "chk_ecmp_nh", "Make the route without --ecmp-symmetric-reply, if answers need not take the way back: by which next hop a connection came is in flows that OVS learns and forgets by itself."),
        (Reasons.Conntrack, "ct_lb", "Reach a backend by its own address where no load balancing is needed; else OVS picks the backend of each connection."),
        (Reasons.Conntrack, "ct_dnat", StatelessNat),
        (Reasons.Conntrack, "ct_snat", StatelessNat),
    ];

    public static string For(PuntReason reason) => s_program[reason];

    /// <param name="reason">One of <see cref="Reasons"/>, perhaps with what it is about.</param>
    /// <param name="detail">The action that caused it, if known.</param>
    /// <returns>Null for the reason of another version of the compiler.</returns>
    public static string? For(string reason, string detail = "") =>
        s_actions.FirstOrDefault(action => action.Reason == Reasons.KindOf(reason)
            && (detail.Contains(action.Action, StringComparison.Ordinal) || Reasons.Plain(reason).EndsWith(": " + action.Action, StringComparison.Ordinal))).Remedy
        ?? s_compiler.GetValueOrDefault(Reasons.KindOf(reason));

    /// <param name="index">The index of the counter.</param>
    /// <param name="texts">The compiler's reasons by index.</param>
    /// <param name="detail">The action that caused it, if known.</param>
    public static string? For(int index, IReadOnlyDictionary<uint, string> texts, string detail = "") =>
        index < PuntReasons.FirstOfCompiler ? s_program.GetValueOrDefault((PuntReason)index)
        : texts.TryGetValue((uint)index, out var text) ? For(text, detail) : null;
}
