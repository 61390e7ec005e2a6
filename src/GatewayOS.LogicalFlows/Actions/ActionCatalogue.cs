using System.Collections.Frozen;
using System.Collections.Immutable;

namespace GatewayOS.LogicalFlows;

/// <summary>The one table of all actions. The README shows it, and a test keeps the two equal.</summary>
public static class ActionCatalogue
{
    /// <summary>In the order of <see cref="ActionKind"/>.</summary>
    public static ImmutableArray<ActionDescription> All { get; } =
    [
        Always(ActionKind.Output, "output", ActionClass.Pipeline),
        Always(ActionKind.Next, "next", ActionClass.Folds),
        Always(ActionKind.Load, "field = constant", ActionClass.Pipeline),
        Always(ActionKind.Move, "field = field", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2206, ActionKind.Push, "push", ActionClass.Folds),
        Since(LanguageVersion.Ovn2206, ActionKind.Pop, "pop", ActionClass.Folds),
        Always(ActionKind.Exchange, "field <-> field", ActionClass.Pipeline),
        Always(ActionKind.DecrementTtl, "ip.ttl--", ActionClass.Pipeline),
        Always(ActionKind.CtNext, "ct_next", ActionClass.Connection),
        Always(ActionKind.CtCommit, "ct_commit", ActionClass.Connection),
        Since(LanguageVersion.Ovn2409, ActionKind.CtCommitToZone, "ct_commit_to_zone", ActionClass.Connection),
        Always(ActionKind.CtDnat, "ct_dnat", ActionClass.Connection),
        Always(ActionKind.CtSnat, "ct_snat", ActionClass.Connection),
        Always(ActionKind.CtDnatInCommonZone, "ct_dnat_in_czone", ActionClass.Connection),
        Always(ActionKind.CtSnatInCommonZone, "ct_snat_in_czone", ActionClass.Connection),
        Since(LanguageVersion.Ovn2206, ActionKind.CtLbMark, "ct_lb_mark", ActionClass.Connection),
        Since(LanguageVersion.Ovn2603, ActionKind.CtLbMarkLocal, "ct_lb_mark_local", ActionClass.Connection),
        Always(ActionKind.Select, "select", ActionClass.Pipeline),
        Always(ActionKind.CtClear, "ct_clear", ActionClass.Folds),
        Since(LanguageVersion.Ovn2212, ActionKind.CtCommitNat, "ct_commit_nat", ActionClass.Connection),
        Always(ActionKind.Clone, "clone", ActionClass.Pipeline),
        Always(ActionKind.Arp, "arp", ActionClass.Software),
        Always(ActionKind.Icmp4, "icmp4", ActionClass.Software),
        Always(ActionKind.Icmp4Error, "icmp4_error", ActionClass.Software),
        Always(ActionKind.Icmp6, "icmp6", ActionClass.Software),
        Always(ActionKind.Igmp, "igmp", ActionClass.Software),
        Always(ActionKind.TcpReset, "tcp_reset", ActionClass.Software),
        Always(ActionKind.NdNa, "nd_na", ActionClass.Software),
        Always(ActionKind.NdNaRouter, "nd_na_router", ActionClass.Software),
        Always(ActionKind.GetArp, "get_arp", ActionClass.Pipeline),
        Always(ActionKind.PutArp, "put_arp", ActionClass.Software),
        Always(ActionKind.LookupArp, "lookup_arp", ActionClass.Pipeline),
        Always(ActionKind.LookupArpIp, "lookup_arp_ip", ActionClass.Pipeline),
        Always(ActionKind.GetNd, "get_nd", ActionClass.Pipeline),
        Always(ActionKind.PutNd, "put_nd", ActionClass.Software),
        Always(ActionKind.LookupNd, "lookup_nd", ActionClass.Pipeline),
        Always(ActionKind.LookupNdIp, "lookup_nd_ip", ActionClass.Pipeline),
        Always(ActionKind.PutDhcpOpts, "put_dhcp_opts", ActionClass.Software),
        Always(ActionKind.PutDhcpv6Opts, "put_dhcpv6_opts", ActionClass.Software),
        Since(LanguageVersion.Ovn2409, ActionKind.DhcpRelayReqChk, "dhcp_relay_req_chk", ActionClass.Software),
        Since(LanguageVersion.Ovn2409, ActionKind.DhcpRelayRespChk, "dhcp_relay_resp_chk", ActionClass.Software),
        Always(ActionKind.SetQueue, "set_queue", ActionClass.Pipeline),
        Always(ActionKind.DnsLookup, "dns_lookup", ActionClass.Software),
        Always(ActionKind.Log, "log", ActionClass.Software),
        Always(ActionKind.PutNdRaOpts, "put_nd_ra_opts", ActionClass.Software),
        Always(ActionKind.NdNs, "nd_ns", ActionClass.Software),
        Always(ActionKind.SetMeter, "set_meter", ActionClass.Pipeline),
        Always(ActionKind.ControllerFieldLoad, "icmp4.frag_mtu = constant", ActionClass.Software),
        Always(ActionKind.CheckPktLarger, "check_pkt_larger", ActionClass.Pipeline),
        Always(ActionKind.TriggerEvent, "trigger_event", ActionClass.Software),
        Always(ActionKind.BindVport, "bind_vport", ActionClass.Software),
        Always(ActionKind.HandleSvcCheck, "handle_svc_check", ActionClass.Software),
        Always(ActionKind.FwdGroup, "fwd_group", ActionClass.Software),
        Always(ActionKind.HandleDhcpv6Reply, "handle_dhcpv6_reply", ActionClass.Software),
        Always(ActionKind.Icmp6Error, "icmp6_error", ActionClass.Software),
        Always(ActionKind.Reject, "reject", ActionClass.Software),
        Always(ActionKind.ChkLbHairpin, "chk_lb_hairpin", ActionClass.Connection),
        Always(ActionKind.ChkLbHairpinReply, "chk_lb_hairpin_reply", ActionClass.Connection),
        Always(ActionKind.CtSnatToVip, "ct_snat_to_vip", ActionClass.Connection),
        Always(ActionKind.HandleBfdMsg, "handle_bfd_msg", ActionClass.Software),
        Always(ActionKind.SctpAbort, "sctp_abort", ActionClass.Software),
        Always(ActionKind.PutFdb, "put_fdb", ActionClass.Software),
        Always(ActionKind.GetFdb, "get_fdb", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2509, ActionKind.GetRemoteFdb, "get_remote_fdb", ActionClass.Software),
        Always(ActionKind.LookupFdb, "lookup_fdb", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2206, ActionKind.CheckInPortSec, "check_in_port_sec", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2206, ActionKind.CheckOutPortSec, "check_out_port_sec", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2209, ActionKind.CommitEcmpNh, "commit_ecmp_nh", ActionClass.Connection),
        Since(LanguageVersion.Ovn2209, ActionKind.ChkEcmpNhMac, "chk_ecmp_nh_mac", ActionClass.Connection),
        Since(LanguageVersion.Ovn2209, ActionKind.ChkEcmpNh, "chk_ecmp_nh", ActionClass.Connection),
        Since(LanguageVersion.Ovn2212, ActionKind.CommitLbAff, "commit_lb_aff", ActionClass.Connection),
        Since(LanguageVersion.Ovn2212, ActionKind.ChkLbAff, "chk_lb_aff", ActionClass.Connection),
        Since(LanguageVersion.Ovn2212, ActionKind.Sample, "sample", ActionClass.Software),
        Since(LanguageVersion.Ovn2309, ActionKind.MacCacheUse, "mac_cache_use", ActionClass.Pipeline),
        Since(LanguageVersion.Ovn2503, ActionKind.CtNwDst, "ct_nw_dst", ActionClass.Connection),
        Since(LanguageVersion.Ovn2503, ActionKind.CtIp6Dst, "ct_ip6_dst", ActionClass.Connection),
        Since(LanguageVersion.Ovn2503, ActionKind.CtTpDst, "ct_tp_dst", ActionClass.Connection),
        Since(LanguageVersion.Ovn2509, ActionKind.CtProto, "ct_proto", ActionClass.Connection),
        Since(LanguageVersion.Ovn2503, ActionKind.FloodRemote, "flood_remote", ActionClass.Software),
        Since(LanguageVersion.Ovn2509, ActionKind.CtStateSave, "ct_state_save", ActionClass.Connection),
        Since(LanguageVersion.Ovn2509, ActionKind.Mirror, "mirror", ActionClass.Software),
        Since(LanguageVersion.Newest, ActionKind.ChkEvpnArp, "chk_evpn_arp", ActionClass.Software),
        Until(LanguageVersion.Newest, ActionKind.CtLb, "ct_lb", ActionClass.Connection),
        Until(LanguageVersion.Ovn2409, ActionKind.CtCommitLegacy, "ct_commit(ct_mark=..., ct_label=...)", ActionClass.Connection),
    ];

    private static readonly FrozenDictionary<ActionKind, ActionDescription> s_byKind = All.ToFrozenDictionary(action => action.Kind);

    private static readonly FrozenDictionary<string, ActionDescription>.AlternateLookup<ReadOnlySpan<char>> s_byVerb =
        All.ToFrozenDictionary(action => action.Verb, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static ActionDescription Of(ActionKind kind) => s_byKind[kind];

    /// <summary>Whether the word is an action of some release, but not of this one.</summary>
    internal static bool IsOfOthers(ReadOnlySpan<char> verb, LanguageVersion version) =>
        version != LanguageVersion.Any && s_byVerb.TryGetValue(verb, out var action) && !action.IsIn(version);

    private static ActionDescription Always(ActionKind kind, string verb, ActionClass @class) =>
        Since(LanguageVersion.Ovn2203, kind, verb, @class);

    private static ActionDescription Since(LanguageVersion first, ActionKind kind, string verb, ActionClass @class) =>
        new(kind, verb, @class, first, Dropped: null);

    private static ActionDescription Until(LanguageVersion dropped, ActionKind kind, string verb, ActionClass @class) =>
        new(kind, verb, @class, LanguageVersion.Ovn2203, dropped);
}
