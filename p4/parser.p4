// Reads a frame as far as the pipeline understands it. What it does not extract stays behind the headers as payload, so the deparser gives
// back every frame octet for octet, also one that ends in the middle of a header (the parser error leaves that header unextracted).

parser GatewayParser(packet_in packet, out headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    probe_h probe;

    // What comes from an exception port is OVS's and none of our business.
    state start {
        transition select(std.ingress_port) {
            EXCEPTION_BIT &&& EXCEPTION_BIT: accept;
            default: frame;
        }
    }

    state frame {
        transition select(packet.lookahead<bit<112>>()[15:0]) {
            ETHERTYPE_IPV4: maybe_tunnel;
            default: ethernet;
        }
    }

    state maybe_tunnel {
        transition select(packet.lookahead<bit<160>>()[47:40]) {
            0x45: maybe_udp_tunnel;
            default: ethernet;
        }
    }

    // A fragment or an IPv4 packet with options is no tunnel packet here, and will be class 0 as a plain one.
    state maybe_udp_tunnel {
        probe = packet.lookahead<probe_h>();
        transition select(probe.fragment, probe.proto, probe.dst_port) {
            (0 &&& 0x3fff, PROTO_UDP, UDP_GENEVE): geneve;
            (0 &&& 0x3fff, PROTO_UDP, UDP_VXLAN): vxlan;
            default: ethernet;
        }
    }

    state geneve {
        packet.extract(hdr.outer_ethernet);
        packet.extract(hdr.outer_ipv4);
        packet.extract(hdr.outer_udp);
        packet.extract(hdr.geneve);
        meta.tunnel_type = TUNNEL_GENEVE;
        meta.vni = hdr.geneve.vni;
        transition select(hdr.geneve.version, hdr.geneve.opt_len, hdr.geneve.oam, hdr.geneve.protocol) {
            (0, 2, 0, ETHERTYPE_BRIDGE): ovn_option;
            default: accept;
        }
    }

    state ovn_option {
        packet.extract(hdr.ovn_option);
        meta.rx_in_key = hdr.ovn_option.in_key;
        meta.rx_out_key = hdr.ovn_option.out_key;
        transition select(hdr.ovn_option.class, hdr.ovn_option.type, hdr.ovn_option.reserved, hdr.ovn_option.len, hdr.ovn_option.in_key) {
            (OVN_OPTION_CLASS, OVN_OPTION_TYPE, 0, 1, 0 &&& 0x8000): ethernet;
            default: accept;
        }
    }

    state vxlan {
        packet.extract(hdr.outer_ethernet);
        packet.extract(hdr.outer_ipv4);
        packet.extract(hdr.outer_udp);
        packet.extract(hdr.vxlan);
        meta.tunnel_type = TUNNEL_VXLAN;
        meta.vni = hdr.vxlan.vni;
        transition select(hdr.vxlan.flags, hdr.vxlan.reserved1, hdr.vxlan.reserved2) {
            (0x08, 0, 0): ethernet;
            default: accept;
        }
    }

    state ethernet {
        packet.extract(hdr.ethernet);
        meta.eth_src = hdr.ethernet.src;
        meta.eth_dst = hdr.ethernet.dst;
        transition select(hdr.ethernet.ether_type) {
            ETHERTYPE_IPV4: ipv4;
            ETHERTYPE_IPV6: ipv6;
            ETHERTYPE_ARP: arp;
            ETHERTYPE_VLAN: vlan;
            default: accept;
        }
    }

    state vlan {
        packet.extract(hdr.vlan);
        meta.vlan_valid = 1;
        meta.vlan_id = hdr.vlan.vid;
        transition select(hdr.vlan.ether_type) {
            ETHERTYPE_IPV4: ipv4;
            ETHERTYPE_IPV6: ipv6;
            ETHERTYPE_ARP: arp;
            default: accept;
        }
    }

    state ipv4 {
        packet.extract(hdr.ipv4);
        meta.src4 = hdr.ipv4.src;
        meta.dst4 = hdr.ipv4.dst;
        meta.proto = hdr.ipv4.proto;
        meta.dscp = hdr.ipv4.dscp;
        meta.ttl = hdr.ipv4.ttl;
        meta.l4_len = hdr.ipv4.total_len - 20;
        transition select(hdr.ipv4.version_ihl, hdr.ipv4.fragment, hdr.ipv4.proto) {
            (0x45, 0 &&& 0x3fff, PROTO_TCP): tcp;
            (0x45, 0 &&& 0x3fff, PROTO_UDP): udp;
            (0x45, 0 &&& 0x3fff, PROTO_SCTP): sctp;
            (0x45, 0 &&& 0x3fff, PROTO_ICMP): icmp;
            default: accept;
        }
    }

    state ipv6 {
        packet.extract(hdr.ipv6);
        meta.src6 = hdr.ipv6.src;
        meta.dst6 = hdr.ipv6.dst;
        meta.proto = hdr.ipv6.proto;
        meta.dscp = hdr.ipv6.dscp;
        meta.ttl = hdr.ipv6.ttl;
        meta.l4_len = hdr.ipv6.payload_len;
        transition select(hdr.ipv6.version, hdr.ipv6.proto) {
            (6, PROTO_TCP): tcp;
            (6, PROTO_UDP): udp;
            (6, PROTO_SCTP): sctp;
            (6, PROTO_ICMPV6): icmp;
            default: accept;
        }
    }

    // As if it were IPv4 from the sender to whom it asks for.
    state arp {
        packet.extract(hdr.arp);
        meta.src4 = hdr.arp.spa;
        meta.dst4 = hdr.arp.tpa;
        meta.l4_src = hdr.arp.op;
        meta.ttl = 255;
        transition accept;
    }

    state tcp {
        packet.extract(hdr.tcp);
        meta.tcp_flags = hdr.tcp.flags;
        meta.l4_src = hdr.tcp.src_port;
        meta.l4_dst = hdr.tcp.dst_port;
        meta.sport = hdr.tcp.src_port;
        meta.dport = hdr.tcp.dst_port;
        meta.trackable = 1;
        transition accept;
    }

    state udp {
        packet.extract(hdr.udp);
        meta.l4_src = hdr.udp.src_port;
        meta.l4_dst = hdr.udp.dst_port;
        meta.sport = hdr.udp.src_port;
        meta.dport = hdr.udp.dst_port;
        meta.trackable = 1;
        transition accept;
    }

    // Not trackable: the kernel checks SCTP's CRC, the device does not.
    state sctp {
        packet.extract(hdr.sctp);
        meta.l4_src = hdr.sctp.src_port;
        meta.l4_dst = hdr.sctp.dst_port;
        meta.sport = hdr.sctp.src_port;
        meta.dport = hdr.sctp.dst_port;
        transition accept;
    }

    state icmp {
        packet.extract(hdr.icmp);
        meta.l4_src = (bit<16>)hdr.icmp.type;
        meta.l4_dst = (bit<16>)hdr.icmp.code;
        transition select(meta.proto, hdr.icmp.type) {
            (PROTO_ICMP, 0): echo;
            (PROTO_ICMP, 8): echo;
            (PROTO_ICMPV6, 128): echo;
            (PROTO_ICMPV6, 129): echo;
            default: accept;
        }
    }

    // A request and a reply of one identifier are two connections' packets, if both ends ask.
    state echo {
        meta.sport = hdr.icmp.id;
        meta.dport = hdr.icmp.type ++ hdr.icmp.code;
        meta.trackable = 1;
        transition accept;
    }
}

control GatewayDeparser(packet_out packet, in headers_t hdr) {
    apply {
        packet.emit(hdr.outer_ethernet);
        packet.emit(hdr.outer_ipv4);
        packet.emit(hdr.outer_udp);
        packet.emit(hdr.geneve);
        packet.emit(hdr.ovn_option);
        packet.emit(hdr.vxlan);
        packet.emit(hdr.ethernet);
        packet.emit(hdr.vlan);
        packet.emit(hdr.ipv4);
        packet.emit(hdr.ipv6);
        packet.emit(hdr.arp);
        packet.emit(hdr.tcp);
        packet.emit(hdr.udp);
        packet.emit(hdr.sctp);
        packet.emit(hdr.icmp);
    }
}
