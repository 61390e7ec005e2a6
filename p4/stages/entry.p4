// Where a packet enters the network: a tunnel key or a port and VLAN.

@name(".enter") action enter(inout metadata_t meta, bit<20> state, bit<24> in_port, bit<16> in_key, bit<16> space) {
    meta.state = state;
    meta.in_port = in_port;
    meta.in_key = in_key;
    meta.space = space;
    meta.reason = REASON_NO_ENTRY;
}

control Entry(in headers_t hdr, inout metadata_t meta, in standard_metadata_t std) {
    // Nobody expects an entry for ARP and multicast: without one they are what they are.
    reason_t unknown;

    // VXLAN has no room for an ingress port: in its place stands who sent the packet, where that makes a difference (a VTEP switch).
    @name(".known_peer") action known_peer(bit<16> in_key) {
        meta.reason = unknown;
        meta.rx_in_key = meta.rx_in_key | in_key;
    }

    @name(".tunnel_peer_hits") direct_counter(CounterType.packets_and_bytes) tunnel_peer_hits;
    @name(".tunnel_peer") table tunnel_peer {
        key = {
            std.ingress_port : exact @name("ingress_port");
            hdr.outer_ethernet.dst : ternary @name("outer_eth_dst");
            meta.tunnel_type : exact @name("tunnel_type");
            hdr.outer_ipv4.src : exact @name("outer_src");
            hdr.outer_ipv4.dst : exact @name("outer_dst");
        }
        actions = {
            known_peer;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = tunnel_peer_hits;
        size = SIZE_TUNNEL_PEER;
    }

    @name(".entry_tunnel_hits") direct_counter(CounterType.packets_and_bytes) entry_tunnel_hits;
    @name(".entry_tunnel") table entry_tunnel {
        key = {
            meta.tunnel_type : exact @name("tunnel_type");
            meta.vni : exact @name("vni");
            meta.rx_out_key : exact @name("out_key");
            meta.class : exact @name("class");
            meta.rx_in_key : lpm @name("in_key");
        }
        actions = {
            enter(meta); punt(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = entry_tunnel_hits;
        size = SIZE_ENTRY_TUNNEL;
    }

    @name(".entry_port_hits") direct_counter(CounterType.packets_and_bytes) entry_port_hits;
    @name(".entry_port") table entry_port {
        key = {
            std.ingress_port : exact @name("ingress_port");
            meta.vlan_valid : exact @name("vlan_valid");
            meta.vlan_id : exact @name("vlan_id");
            meta.class : exact @name("class");
        }
        actions = {
            enter(meta); punt(meta);
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = entry_port_hits;
        size = SIZE_ENTRY_PORT;
    }

    apply {
        unknown = REASON_NO_ENTRY_POINT;
        if (meta.class == CLASS_ARP) {
            unknown = REASON_NOT_IP;
        } else if (meta.class & CLASS_GROUP != 0) {
            unknown = REASON_GROUP_ADDRESS;
        }
        if (meta.tunnel_type == TUNNEL_NONE) {
            meta.reason = unknown;
            entry_port.apply();
        } else {
            meta.reason = REASON_UNKNOWN_TUNNEL_PEER;
            if (tunnel_peer.apply().hit) {
                entry_tunnel.apply();
            }
        }
    }
}

// Which address sets and port groups an address belongs to.
control ClassBits(inout metadata_t meta) {
    @name(".set_src_class") action set_src_class(bit<64> bits) {
        meta.src_class = bits;
    }

    @name(".set_dst_class") action set_dst_class(bit<64> bits) {
        meta.dst_class = bits;
    }

    @name(".src_class4_hits") direct_counter(CounterType.packets_and_bytes) src_class4_hits;
    @name(".src_class4") table src_class4 {
        key = {
            meta.space : exact @name("space");
            meta.src4 : lpm @name("address");
        }
        actions = {
            set_src_class;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = src_class4_hits;
        size = SIZE_CLASS_BITS;
    }

    @name(".src_class6_hits") direct_counter(CounterType.packets_and_bytes) src_class6_hits;
    @name(".src_class6") table src_class6 {
        key = {
            meta.space : exact @name("space");
            meta.src6 : lpm @name("address");
        }
        actions = {
            set_src_class;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = src_class6_hits;
        size = SIZE_CLASS_BITS;
    }

    @name(".dst_class4_hits") direct_counter(CounterType.packets_and_bytes) dst_class4_hits;
    @name(".dst_class4") table dst_class4 {
        key = {
            meta.space : exact @name("space");
            meta.dst4 : lpm @name("address");
        }
        actions = {
            set_dst_class;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = dst_class4_hits;
        size = SIZE_CLASS_BITS;
    }

    @name(".dst_class6_hits") direct_counter(CounterType.packets_and_bytes) dst_class6_hits;
    @name(".dst_class6") table dst_class6 {
        key = {
            meta.space : exact @name("space");
            meta.dst6 : lpm @name("address");
        }
        actions = {
            set_dst_class;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = dst_class6_hits;
        size = SIZE_CLASS_BITS;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            src_class4.apply();
            dst_class4.apply();
        } else {
            src_class6.apply();
            dst_class6.apply();
        }
    }
}
