// The lookup stages, each a control. A miss leaves the state as it is.

// Port security: may this port send from these addresses?
control Guard(inout metadata_t meta) {
    @name(".guard4_hits") direct_counter(CounterType.packets_and_bytes) guard4_hits;
    @name(".guard4") table guard4 {
        key = {
            meta.state : exact @name("state");
            meta.eth_src : ternary @name("eth_src");
            meta.src4 : ternary @name("src");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = guard4_hits;
        size = SIZE_GUARD;
    }

    @name(".guard6_hits") direct_counter(CounterType.packets_and_bytes) guard6_hits;
    @name(".guard6") table guard6 {
        key = {
            meta.state : exact @name("state");
            meta.eth_src : ternary @name("eth_src");
            meta.src6 : ternary @name("src");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = guard6_hits;
        size = SIZE_GUARD;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            guard4.apply();
        } else {
            guard6.apply();
        }
    }
}

// Where a switch sends an Ethernet destination; a prefix of 0 is the state's default.
control L2(inout metadata_t meta) {
    @name(".l2_hits") direct_counter(CounterType.packets_and_bytes) l2_hits;
    @name(".l2") table l2 {
        key = {
            meta.state : exact @name("state");
            meta.eth_dst : lpm @name("eth_dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = l2_hits;
        size = SIZE_L2;
    }

    apply {
        l2.apply();
    }
}

// What goes before the routes: a router's own and NAT addresses, guards, stateless ACLs.
control Special(inout metadata_t meta) {
    @name(".special4_hits") direct_counter(CounterType.packets_and_bytes) special4_hits;
    @name(".special4") table special4 {
        key = {
            meta.state : exact @name("state");
            meta.src4 : ternary @name("src");
            meta.dst4 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
            meta.tcp_flags : ternary @name("tcp_flags");
            meta.src_class : ternary @name("src_class");
            meta.dst_class : ternary @name("dst_class");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta); turn(meta); turn_eth(meta); answer(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = special4_hits;
        size = SIZE_ACL;
    }

    @name(".special6_hits") direct_counter(CounterType.packets_and_bytes) special6_hits;
    @name(".special6") table special6 {
        key = {
            meta.state : exact @name("state");
            meta.src6 : ternary @name("src");
            meta.dst6 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
            meta.tcp_flags : ternary @name("tcp_flags");
            meta.src_class : ternary @name("src_class");
            meta.dst_class : ternary @name("dst_class");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta); turn(meta); turn_eth(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = special6_hits;
        size = SIZE_ACL;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            special4.apply();
        } else {
            special6.apply();
        }
    }
}

control Route(inout metadata_t meta) {
    @name(".route4_hits") direct_counter(CounterType.packets_and_bytes) route4_hits;
    @name(".route4") table route4 {
        key = {
            meta.state : exact @name("state");
            meta.dst4 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = route4_hits;
        size = SIZE_ROUTE;
    }

    @name(".route6_hits") direct_counter(CounterType.packets_and_bytes) route6_hits;
    @name(".route6") table route6 {
        key = {
            meta.state : exact @name("state");
            meta.dst6 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = route6_hits;
        size = SIZE_ROUTE;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            route4.apply();
        } else {
            route6.apply();
        }
    }
}

// Reroutes by source; the second router's part of `special`.
control Policy(inout metadata_t meta) {
    @name(".policy4_hits") direct_counter(CounterType.packets_and_bytes) policy4_hits;
    @name(".policy4") table policy4 {
        key = {
            meta.state : exact @name("state");
            meta.src4 : ternary @name("src");
            meta.dst4 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta); turn(meta); turn_eth(meta); answer(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = policy4_hits;
        size = SIZE_POLICY;
    }

    @name(".policy6_hits") direct_counter(CounterType.packets_and_bytes) policy6_hits;
    @name(".policy6") table policy6 {
        key = {
            meta.state : exact @name("state");
            meta.src6 : ternary @name("src");
            meta.dst6 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta); turn(meta); turn_eth(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = policy6_hits;
        size = SIZE_POLICY;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            policy4.apply();
        } else {
            policy6.apply();
        }
    }
}

// The second router's routes.
control Transit(inout metadata_t meta) {
    @name(".transit4_hits") direct_counter(CounterType.packets_and_bytes) transit4_hits;
    @name(".transit4") table transit4 {
        key = {
            meta.state : exact @name("state");
            meta.dst4 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta); turn_eth(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = transit4_hits;
        size = SIZE_ROUTE;
    }

    @name(".transit6_hits") direct_counter(CounterType.packets_and_bytes) transit6_hits;
    @name(".transit6") table transit6 {
        key = {
            meta.state : exact @name("state");
            meta.dst6 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta); turn_eth(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = transit6_hits;
        size = SIZE_ROUTE;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            transit4.apply();
        } else {
            transit6.apply();
        }
    }
}

// One of several next hops, by the flow.
control Select(inout metadata_t meta) {
    @name(".select_profile") @max_group_size(256)
    action_selector(HashAlgorithm.crc32, SIZE_SELECT_PROFILE, 32w16) select_profile;

    @name(".select_hits") direct_counter(CounterType.packets_and_bytes) select_hits;
    @name(".select") table select_ {
        key = {
            meta.state : exact @name("state");
            meta.src4 : selector @name("src4");
            meta.dst4 : selector @name("dst4");
            meta.src6 : selector @name("src6");
            meta.dst6 : selector @name("dst6");
            meta.proto : selector @name("proto");
            meta.sport : selector @name("sport");
            meta.dport : selector @name("dport");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            @defaultonly NoAction;
        }
        counters = select_hits;
        size = SIZE_SELECT;
        implementation = select_profile;
    }

    apply {
        select_.apply();
    }
}

// The next hop's Ethernet address; a prefix of 0 is the state's default.
control Neighbor(inout metadata_t meta) {
    @name(".neighbor4_hits") direct_counter(CounterType.packets_and_bytes) neighbor4_hits;
    @name(".neighbor4") table neighbor4 {
        key = {
            meta.state : exact @name("state");
            meta.dst4 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = neighbor4_hits;
        size = SIZE_NEIGHBOR;
    }

    @name(".neighbor6_hits") direct_counter(CounterType.packets_and_bytes) neighbor6_hits;
    @name(".neighbor6") table neighbor6 {
        key = {
            meta.state : exact @name("state");
            meta.dst6 : lpm @name("dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = neighbor6_hits;
        size = SIZE_NEIGHBOR;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            neighbor4.apply();
        } else {
            neighbor6.apply();
        }
    }
}

// `l2` of the switch behind the router.
control L2To(inout metadata_t meta) {
    @name(".l2_to_hits") direct_counter(CounterType.packets_and_bytes) l2_to_hits;
    @name(".l2_to") table l2_to {
        key = {
            meta.state : exact @name("state");
            meta.eth_dst : lpm @name("eth_dst");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = l2_to_hits;
        size = SIZE_L2;
    }

    apply {
        l2_to.apply();
    }
}

// Stateless ACLs towards the logical output port.
control AclTo(inout metadata_t meta) {
    @name(".acl_to4_hits") direct_counter(CounterType.packets_and_bytes) acl_to4_hits;
    @name(".acl_to4") table acl_to4 {
        key = {
            meta.state : exact @name("state");
            meta.src4 : ternary @name("src");
            meta.dst4 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
            meta.tcp_flags : ternary @name("tcp_flags");
            meta.src_class : ternary @name("src_class");
            meta.dst_class : ternary @name("dst_class");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src4(meta); go_dst4(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = acl_to4_hits;
        size = SIZE_ACL;
    }

    @name(".acl_to6_hits") direct_counter(CounterType.packets_and_bytes) acl_to6_hits;
    @name(".acl_to6") table acl_to6 {
        key = {
            meta.state : exact @name("state");
            meta.src6 : ternary @name("src");
            meta.dst6 : ternary @name("dst");
            meta.proto : ternary @name("proto");
            meta.l4_src : ternary @name("l4_src");
            meta.l4_dst : ternary @name("l4_dst");
            meta.dscp : ternary @name("dscp");
            meta.tcp_flags : ternary @name("tcp_flags");
            meta.src_class : ternary @name("src_class");
            meta.dst_class : ternary @name("dst_class");
        }
        actions = {
            go(meta); go_edit(meta); forward(meta); forward_edit(meta); deny(meta); track(meta); track_edit(meta); punt(meta);
            go_src6(meta); go_dst6(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = acl_to6_hits;
        size = SIZE_ACL;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            acl_to4.apply();
        } else {
            acl_to6.apply();
        }
    }
}
