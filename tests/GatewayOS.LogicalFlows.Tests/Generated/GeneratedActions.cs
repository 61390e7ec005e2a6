using System.Globalization;
using GatewayOS.Testing;

namespace GatewayOS.LogicalFlows.Tests.Generated;

/// <summary>Action lists with every action of the newest language, most of them valid.</summary>
internal sealed class GeneratedActions(Dice dice)
{
    private readonly GeneratedConstants _constants = new(dice);

    public string Next() => dice.Percent(2) ? dice.OneOf("drop;", "drop; next;", "next; drop;", "next") : List(depth: 2);

    private string List(int depth) =>
        string.Join(dice.OneOf(" ", "", "  "), Enumerable.Range(0, dice.Weighted((6, 1), (3, 2), (1, 3))).Select(_ => Action(depth)));

    private string Action(int depth) => dice.Below(10) switch
    {
        0 => Load() + ";",
        1 => $"{_constants.Bits()} = {_constants.Bits()};",
        2 => Exchange() + ";",
        3 when depth > 0 => Nested(depth - 1),
        < 5 => Connection() + ";",
        < 7 => Result() + ";",
        _ => Statement() + ";",
    };

    private string Load()
    {
        var field = _constants.AnyField();
        return dice.Percent(80) || field.IsString
            ? $"{field.Name} = {_constants.For(field)}"
            : $"{field.Name}{_constants.Part(field.Width)} = {_constants.Number(1 + dice.Below(Math.Max(1, field.Width)))}";
    }

    private string Exchange()
    {
        var width = dice.OneOf(1, 8, 16, 32, 48, 64, 128);
        return dice.Percent(10) ? $"{_constants.Port()} <-> {_constants.Port()}" : $"{_constants.BitsOf(width)} {dice.OneOf("<->", "=")} {_constants.BitsOf(width)}";
    }

    private string Nested(int depth)
    {
        var verb = dice.OneOf("clone", "arp", "icmp4", "icmp4_error", "icmp6", "icmp6_error", "tcp_reset", "sctp_abort", "nd_na", "nd_na_router", "nd_ns", "reject", "ct_commit");
        var inner = verb == "ct_commit" && dice.Percent(80) ? Commit() : List(depth);
        return dice.OneOf($"{verb} {{ {inner} }};", $"{verb}{{{inner}}};");
    }

    private string Commit() => string.Join(" ", Enumerable.Range(0, dice.Below(3)).Select(_ => dice.OneOf(
        $"ct_mark = {_constants.For(32)};", $"ct_mark.{dice.OneOf("blocked", "natted", "obs_stage", "ecmp_reply_port", "none")} = {_constants.Number(1)};",
        $"ct_label = {_constants.For(128)};", "ct_label.ecmp_reply_eth = eth.src;", "ct_label.label = reg3;", $"ct_label.acl_id = {_constants.BitsOf(16)};")));

    private string Connection() => dice.Below(8) switch
    {
        0 => dice.OneOf("ct_next", "ct_next(dnat)", "ct_next(snat)", "ct_clear", "ct_commit", "ct_snat_to_vip", "ct_state_save"),
        1 => $"ct_commit_nat{dice.OneOf("", "(snat)", "(dnat)", "()")}",
        2 => $"ct_commit_to_zone({dice.OneOf("snat", "dnat", "x", "")})",
        3 => $"ct_lb_mark{dice.OneOf("", "()")}",
        4 or 5 => $"ct_lb_mark(backends={Many(() => Endpoint(), 3)}{dice.OneOf("", "", "; hash_fields=\"ip_src,ip_dst\"", "; hash_fields=\"eth_src\"")}{dice.OneOf("", "", "; skip_snat", "; force_snat", "; x")})",
        6 => $"ct_lb_mark_local(backends={Many(() => $"{_constants.PortName()}:{Endpoint()}", 2)})",
        _ => $"{dice.OneOf("ct_dnat", "ct_snat", "ct_dnat_in_czone", "ct_snat_in_czone")}{dice.OneOf("", $"({Address()})", $"({Address()})", $"({Address()}, {Ports()})", $"({Address()},{Ports()})", "()")}",
    };

    private string Result()
    {
        var bit = dice.Percent(70) ? dice.OneOf("reg0[3]", "reg9[1]", "flags.loopback", "reg1[31]") : _constants.BitsOf(1);
        var port = dice.Percent(90) ? _constants.Port() : _constants.Bits();
        return dice.Below(22) switch
        {
            0 => $"{bit} = lookup_arp({port}, {_constants.BitsOf(32)}, {_constants.BitsOf(48)})",
            1 => $"{bit} = lookup_nd({port}, {_constants.BitsOf(128)}, {_constants.BitsOf(48)})",
            2 => $"{bit} = lookup_arp_ip({port}, {_constants.BitsOf(32)})",
            3 => $"{bit} = lookup_nd_ip({port}, {_constants.BitsOf(128)})",
            4 => $"{bit} = lookup_fdb({port}, {_constants.BitsOf(48)})",
            5 => $"{_constants.Port()} = {dice.OneOf("get_fdb", "get_remote_fdb")}({_constants.BitsOf(48)})",
            6 => $"{_constants.BitsOf(32)} = get_remote_fdb({_constants.BitsOf(48)})",
            7 => $"{bit} = chk_evpn_arp({_constants.BitsOf(dice.OneOf(32, 128))})",
            8 or 9 => $"{bit} = {dice.OneOf("check_in_port_sec", "check_out_port_sec", "chk_lb_hairpin", "chk_lb_hairpin_reply", "dns_lookup", "chk_ecmp_nh_mac", "chk_ecmp_nh", "chk_lb_aff")}({dice.OneOf("", "", "", "1")})",
            10 => $"{_constants.BitsOf(32)} = ct_nw_dst()",
            11 => $"{_constants.BitsOf(128)} = ct_ip6_dst()",
            12 => $"{_constants.BitsOf(16)} = ct_tp_dst()",
            13 => $"{_constants.BitsOf(8)} = {dice.OneOf("ct_proto", "ct_state_save")}()",
            14 => $"{bit} = check_pkt_larger({_constants.Number(16)})",
            15 => $"{bit} = {dice.OneOf("dhcp_relay_req_chk", "dhcp_relay_resp_chk")}({_constants.IPv4()}, {_constants.IPv4()})",
            16 or 17 => $"{bit} = put_dhcp_opts({(dice.Percent(90) ? "offerip = 10.0.0.4" : "mtu = 1500")}{Options(s_dhcp4)})",
            18 => $"{bit} = put_dhcpv6_opts({Options(s_dhcp6).TrimStart(',', ' ')})",
            19 => $"{bit} = put_nd_ra_opts(addr_mode = \"{dice.OneOf("slaac", "dhcpv6_stateful", "dhcpv6_stateless", "x")}\", slla = {_constants.Mac()}{Options(s_ra)})",
            _ => Select(),
        };
    }

    private string Select()
    {
        var members = Many(() => dice.OneOf(_constants.Number(16), $"{_constants.Number(16)}={_constants.Number(16)}"), 3);
        return $"{_constants.BitsOf(16)} = select({dice.OneOf(members, $"values=({members})", $"values=({members}); hash_fields=\"ip_src,ip_dst\"")})";
    }

    private string Statement() => dice.Below(24) switch
    {
        0 => dice.OneOf("next", $"next({_constants.Number(6)})", $"next(pipeline={dice.OneOf("ingress", "egress", "x")})", $"next(pipeline=egress, table={_constants.Number(5)})"),
        1 => dice.OneOf("output", "ip.ttl--", "igmp", "mac_cache_use", "flood_remote", "handle_dhcpv6_reply"),
        2 => $"{dice.OneOf("push", "pop")}({(dice.Percent(80) ? _constants.Bits() : _constants.Port())})",
        3 => $"get_arp({_constants.Port()}, {_constants.BitsOf(32)})",
        4 => $"get_nd({_constants.Port()}, {_constants.BitsOf(128)})",
        5 => $"put_arp({_constants.Port()}, {_constants.BitsOf(32)}, {_constants.BitsOf(48)})",
        6 => $"put_nd({_constants.Port()}, {_constants.BitsOf(128)}, {_constants.BitsOf(48)})",
        7 => $"put_fdb({_constants.Port()}, {_constants.BitsOf(48)})",
        8 => $"set_queue({_constants.Number(17)})",
        9 => $"set_meter({_constants.Number(40)}{dice.OneOf("", $", {_constants.Number(40)}")})",
        10 or 11 => $"log({Many(LogArgument, 3)})",
        12 => $"trigger_event(event = \"{dice.OneOf("empty_lb_backends", "empty_lb_backends", "x")}\", {Many(EventArgument, 3)})",
        13 => $"bind_vport({_constants.PortName()}, {_constants.Port()})",
        14 => $"handle_svc_check({_constants.Port()})",
        15 => dice.OneOf("handle_bfd_msg()", "handle_bfd_msg"),
        16 => $"fwd_group({dice.OneOf("", "liveness=\"true\", ", "liveness=\"false\", ")}childports={Many(_constants.PortName, 2)})",
        17 => $"commit_ecmp_nh(ipv6 = {dice.OneOf("true", "false", "\"true\"", "1")}, proto = {Protocol()})",
        18 => $"commit_lb_aff(vip = \"{Endpoint()}\", backend = \"{Endpoint()}\", proto = {Protocol()}, timeout = {_constants.Number(16)})",
        19 or 20 => $"sample({Many(SampleArgument, 4)})",
        21 => $"mirror({_constants.PortName()})",
        22 => $"{dice.OneOf("icmp4.frag_mtu", "icmp6.frag_mtu", "icmp4.inner_ip4.src")} = {_constants.Number(dice.OneOf(16, 32))}",
        _ => $"{_constants.Port()} = {_constants.PortName()}",
    };

    private string LogArgument() => dice.OneOf(
        $"verdict={dice.OneOf("allow", "drop", "reject", "pass")}", $"severity={dice.OneOf("alert", "warning", "notice", "info", "debug", "x")}", "name=\"acl\"", "meter=\"m\"");

    private string EventArgument() => dice.OneOf(
        $"vip = \"{Endpoint()}\"", $"protocol = \"{Protocol()}\"", "load_balancer = \"12345678-abcd-9876-fedc-11119f8e7d6c\"");

    private string SampleArgument() => dice.OneOf(
        $"probability={_constants.Number(16)}", $"collector_set={_constants.Number(32)}", $"obs_domain={_constants.Number(8)}",
        $"obs_point={dice.OneOf(_constants.Number(32), "$cookie", _constants.BitsOf(32))}");

    private static readonly (string Name, Func<GeneratedConstants, string> Value)[] s_dhcp4 =
    [
        ("netmask", c => c.IPv4()), ("router", c => c.IPv4()), ("dns_server", c => $"{{{c.IPv4()}, {c.IPv4()}}}"), ("hostname", c => c.PortName()),
        ("lease_time", c => c.Number(32)), ("mtu", c => c.Number(16)), ("default_ttl", c => c.Number(8)), ("ip_forward_enable", c => c.Number(1)),
        ("tftp_server", c => c.Word("\"a\"", "10.0.0.1")), ("domain_search_list", c => c.Word("\"a.b\"", "\"a,b\"")), ("server_id", c => c.IPv4()),
        ("classless_static_route", c => $"{{{c.IPv4()}/24,{c.IPv4()},0.0.0.0/0,{c.IPv4()}}}"), ("none", c => c.Number(3)),
    ];

    private static readonly (string Name, Func<GeneratedConstants, string> Value)[] s_dhcp6 =
        [("ia_addr", c => c.IPv6()), ("server_id", c => c.Mac()), ("dns_server", c => $"{{{c.IPv6()}}}"), ("domain_search", c => c.PortName()), ("fqdn", c => c.PortName())];

    private static readonly (string Name, Func<GeneratedConstants, string> Value)[] s_ra =
        [("mtu", c => c.Number(16)), ("prefix", c => $"{c.IPv6()}/64"), ("router_preference", c => c.Word("\"HIGH\"", "\"low\"")), ("rdnss", c => c.IPv6()), ("dnssl", c => c.PortName())];

    private string Options((string Name, Func<GeneratedConstants, string> Value)[] options) => string.Concat(Enumerable.Range(0, dice.Below(4)).Select(_ =>
    {
        var (name, value) = dice.Pick(options);
        return $", {name} = {value(_constants)}";
    }));

    private string Protocol() => dice.OneOf("tcp", "udp", "sctp", "x");

    private string Address() => dice.Percent(60) ? _constants.IPv4() : _constants.IPv6();

    private string Endpoint() => dice.Below(4) switch
    {
        0 => Address(),
        1 => $"[{_constants.IPv6()}]:{_constants.Number(16)}",
        2 => $"{_constants.IPv6()}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{_constants.IPv4()}:{dice.Below(0x10001)}"),
    };

    private string Ports() => dice.OneOf(_constants.Number(16), $"{_constants.Number(12)}-{_constants.Number(16)}");

    private string Many(Func<string> item, int most) => string.Join(",", Enumerable.Range(0, 1 + dice.Below(most)).Select(_ => item()));
}
