// Egress: how the frame is wrapped on its way out. `meta.output` is that of the verdict, or of this copy of a multicast packet.

control Framing(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    @name(".lost") counter(SIZE_LOST, CounterType.packets_and_bytes) lost;

    bit<2>  ecn;
    bit<16> src_port;

    @name(".plain") action plain() {
    }

    @name(".vlan") action push_vlan(bit<12> vid) {
        hdr.vlan.setValid();
        hdr.vlan.pcp = 0;
        hdr.vlan.dei = 0;
        hdr.vlan.vid = vid;
        hdr.vlan.ether_type = hdr.ethernet.ether_type;
        hdr.ethernet.ether_type = ETHERTYPE_VLAN;
    }

    // The logical ingress port in the option is the framing's own, or that of the packet.
    @name(".geneve") action geneve(bit<24> vni, bit<16> in_key, bit<16> out_key, bit<16> encap) {
        hdr.geneve.setValid();
        hdr.geneve.version = 0;
        hdr.geneve.opt_len = 2;
        hdr.geneve.oam = 0;
        hdr.geneve.critical = 1;
        hdr.geneve.reserved1 = 0;
        hdr.geneve.protocol = ETHERTYPE_BRIDGE;
        hdr.geneve.vni = vni;
        hdr.geneve.reserved2 = 0;
        hdr.ovn_option.setValid();
        hdr.ovn_option.class = OVN_OPTION_CLASS;
        hdr.ovn_option.type = OVN_OPTION_TYPE;
        hdr.ovn_option.reserved = 0;
        hdr.ovn_option.len = 1;
        hdr.ovn_option.in_key = in_key != 0 ? in_key : meta.in_key;
        hdr.ovn_option.out_key = out_key;
        meta.udp_port = UDP_GENEVE;
        meta.udp_len = meta.frame_len + 24;
        meta.encap = encap;
        meta.encapsulated = 1;
    }

    @name(".vxlan") action vxlan(bit<24> vni, bit<16> encap) {
        hdr.vxlan.setValid();
        hdr.vxlan.flags = 0x08;
        hdr.vxlan.reserved1 = 0;
        hdr.vxlan.vni = vni;
        hdr.vxlan.reserved2 = 0;
        meta.udp_port = UDP_VXLAN;
        meta.udp_len = meta.frame_len + 16;
        meta.encap = encap;
        meta.encapsulated = 1;
    }

    // DF and no identification, as OVS sends tunnel packets.
    @name(".outer4") action outer4(bit<48> eth_src, bit<48> eth_dst, bit<32> src, bit<32> dst, bit<8> tos, bit<8> ttl, bit<1> csum) {
        hdr.outer_ethernet.setValid();
        hdr.outer_ethernet.dst = eth_dst;
        hdr.outer_ethernet.src = eth_src;
        hdr.outer_ethernet.ether_type = ETHERTYPE_IPV4;
        hdr.outer_ipv4.setValid();
        hdr.outer_ipv4.version_ihl = 0x45;
        hdr.outer_ipv4.dscp = tos[7:2];
        hdr.outer_ipv4.ecn = ecn;
        hdr.outer_ipv4.total_len = meta.udp_len + 20;
        hdr.outer_ipv4.id = 0;
        hdr.outer_ipv4.fragment = 0x4000;
        hdr.outer_ipv4.ttl = ttl;
        hdr.outer_ipv4.proto = PROTO_UDP;
        hdr.outer_ipv4.src = src;
        hdr.outer_ipv4.dst = dst;
        hdr.outer_udp.setValid();
        hdr.outer_udp.src_port = src_port;
        hdr.outer_udp.dst_port = meta.udp_port;
        hdr.outer_udp.len = meta.udp_len;
        hdr.outer_udp.checksum = 0;
        meta.outer_checksum = csum;
    }

    @name(".framing_hits") direct_counter(CounterType.packets_and_bytes) framing_hits;
    @name(".framing") table framing {
        key = {
            meta.output : exact @name("out");
        }
        actions = {
            plain; push_vlan; geneve; vxlan;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = framing_hits;
        size = SIZE_OUTPUT;
    }

    @name(".encap_hits") direct_counter(CounterType.packets_and_bytes) encap_hits;
    @name(".encap") table encap {
        key = {
            meta.encap : exact @name("encap");
        }
        actions = {
            outer4;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = encap_hits;
        size = SIZE_ENCAP;
    }

    // An output is written after its framing and removed before it, so neither table misses; if one does, a frame in the wrong form must not
    // leave, and the counter tells.
    apply {
        if (!framing.apply().hit) {
            lost.count((bit<32>)std.egress_port);
            mark_to_drop(std);
        } else if (meta.encapsulated == 1) {
            // Congestion marks start anew outside (RFC 6040, 4.1, as OVS and the kernel do it).
            ecn = hdr.ipv4.isValid() ? hdr.ipv4.ecn : (hdr.ipv6.isValid() ? hdr.ipv6.ecn : 2w0);
            ecn = ecn == 3 ? 2w2 : ecn;
            // The range of OVS's netdev_tnl_get_src_port.
            hash(src_port, HashAlgorithm.crc32, 16w32768,
                { meta.src4, meta.dst4, meta.src6, meta.dst6, meta.proto, meta.sport, meta.dport }, 16w28232);
            if (!encap.apply().hit) {
                lost.count((bit<32>)std.egress_port);
                mark_to_drop(std);
            }
        }
    }
}
