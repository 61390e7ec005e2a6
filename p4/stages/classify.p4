// Decides the class of a packet: 0 is always software's, and meta.reason says why. p4/README.md lists what is class 0; the compiler relies on it.

control Classify(in headers_t hdr, inout metadata_t meta, in standard_metadata_t std) {
    apply {
        bit<16> length = (bit<16>)std.packet_length;
        bit<16> outer = 0;
        if (hdr.geneve.isValid()) {
            outer = 58;
        } else if (hdr.vxlan.isValid()) {
            outer = 50;
        }
        meta.frame_len = length - outer - (hdr.vlan.isValid() ? 16w4 : 16w0);
        bit<16> room = meta.frame_len - 14;     // for the IP packet and padding
        bool is_group = hdr.ethernet.dst[40:40] == 1;
        // Who reports groups says so by an option (RFC 2236, 2; RFC 3810, 5): that is no user's packet.
        reason_t beyond = is_group ? REASON_GROUP_ADDRESS : REASON_OPTIONS_OR_EXTENSIONS;

        meta.reason = REASON_NONE;
        if (std.parser_error != error.NoError) {
            meta.reason = REASON_MALFORMED;
        } else if (meta.tunnel_type != TUNNEL_NONE && (!hdr.ethernet.isValid()
                || hdr.outer_ipv4.total_len != length - 14 || hdr.outer_udp.len != length - 34
                // Congestion outside has to be told inside, or to drop the packet (RFC 6040, 4.2).
                || hdr.outer_ipv4.ecn == 3)) {
            meta.reason = REASON_TUNNEL_HEADER;
        } else if (hdr.ethernet.src[40:40] == 1) {
            meta.reason = REASON_GROUP_ADDRESS;
        } else if (hdr.ethernet.dst == hdr.ethernet.src) {
            // A learning bridge drops what it would send back to where the address is.
            meta.reason = REASON_MARTIAN;
        } else if (hdr.ethernet.ether_type == ETHERTYPE_QINQ || hdr.vlan.isValid() && (meta.tunnel_type != TUNNEL_NONE
                || hdr.vlan.ether_type == ETHERTYPE_VLAN || hdr.vlan.ether_type == ETHERTYPE_QINQ)) {
            meta.reason = REASON_VLAN_STACK;
        } else if (hdr.ipv4.isValid()) {
            if (hdr.ipv4.version_ihl != 0x45) {
                meta.reason = hdr.ipv4.version_ihl[7:4] == 4 && hdr.ipv4.version_ihl[3:0] > 5 ? beyond : REASON_MALFORMED;
            } else if (hdr.ipv4.total_len < 20 || hdr.ipv4.total_len > room) {
                meta.reason = REASON_MALFORMED;
            } else if (hdr.ipv4.fragment & 0x3fff != 0) {
                meta.reason = REASON_FRAGMENT;
            // RFC 1112, 6.4.
            } else if (is_group && (hdr.ethernet.dst[47:23] != 25w0x0200bc || hdr.ipv4.dst[31:28] != 14)) {
                meta.reason = REASON_GROUP_ADDRESS;
            } else if (hdr.ipv4.src[31:24] == 0 || hdr.ipv4.src[31:24] == 127 || hdr.ipv4.src[31:29] == 7
                    || hdr.ipv4.dst[31:24] == 0 || hdr.ipv4.dst[31:24] == 127 || !is_group && hdr.ipv4.dst[31:29] == 7) {
                meta.reason = REASON_MARTIAN;
            // Protocol 0 is OVS's mark of a header that it has not read: it edits nothing then.
            } else if (hdr.ipv4.proto == PROTO_IGMP || hdr.ipv4.proto == 0) {
                meta.reason = REASON_CONTROL_PROTOCOL;
            }
            meta.class = CLASS_IPV4;
        } else if (hdr.ipv6.isValid()) {
            if (hdr.ipv6.version != 6 || hdr.ipv6.payload_len > room - 40) {
                meta.reason = REASON_MALFORMED;
            } else if (hdr.ipv6.proto == 0 || hdr.ipv6.proto == 43 || hdr.ipv6.proto == 50 || hdr.ipv6.proto == 51
                    || hdr.ipv6.proto == 60 || hdr.ipv6.proto == 135) {
                meta.reason = beyond;
            } else if (hdr.ipv6.proto == 44) {
                meta.reason = REASON_FRAGMENT;
            // RFC 2464, 7.
            } else if (is_group && (hdr.ethernet.dst[47:32] != 0x3333 || hdr.ipv6.dst[127:120] != 0xff)) {
                meta.reason = REASON_GROUP_ADDRESS;
            } else if (hdr.ipv6.src[127:1] == 0 || hdr.ipv6.src[127:120] == 0xff
                    || hdr.ipv6.dst[127:1] == 0 || !is_group && hdr.ipv6.dst[127:120] == 0xff) {
                meta.reason = REASON_MARTIAN;
            }
            meta.class = CLASS_IPV6;
        } else if (hdr.arp.isValid()) {
            if (is_group && hdr.ethernet.dst != 48w0xffffffffffff) {
                meta.reason = REASON_GROUP_ADDRESS;
            } else if (hdr.arp.kinds != ARP_IPV4_OVER_ETHERNET || hdr.arp.op != ARP_REQUEST || hdr.arp.sha != hdr.ethernet.src) {
                meta.reason = REASON_NOT_IP;
            }
            meta.class = CLASS_ARP;
        } else {
            meta.reason = REASON_NOT_IP;
        }

        if (meta.reason == REASON_NONE) {
            if (std.checksum_error == 1) {
                meta.reason = REASON_CHECKSUM;
            } else if (!is_group && meta.ttl < TTL_GUARD) {
                meta.reason = REASON_TIME_TO_LIVE;
            } else if (hdr.tcp.isValid()) {
                if (hdr.tcp.data_offset < 5 || (bit<16>)hdr.tcp.data_offset << 2 > meta.l4_len) {
                    meta.reason = REASON_MALFORMED;
                }
            } else if (hdr.udp.isValid()) {
                if (hdr.udp.len < 8 || hdr.udp.len != meta.l4_len) {
                    meta.reason = REASON_MALFORMED;
                } else if (hdr.udp.src_port == 67 || hdr.udp.src_port == 68 || hdr.udp.src_port == 546 || hdr.udp.src_port == 547
                        || hdr.udp.src_port == 3784 || hdr.udp.src_port == 4784
                        || hdr.udp.dst_port == 67 || hdr.udp.dst_port == 68 || hdr.udp.dst_port == 546 || hdr.udp.dst_port == 547
                        || hdr.udp.dst_port == 3784 || hdr.udp.dst_port == 4784) {
                    meta.reason = REASON_CONTROL_PROTOCOL;
                }
            } else if (hdr.icmp.isValid()) {
                if (meta.l4_len < 8) {
                    meta.reason = REASON_MALFORMED;
                } else if (hdr.ipv6.isValid() && hdr.icmp.type >= 130) {
                    meta.reason = REASON_CONTROL_PROTOCOL;
                // Since 24.03 OVN asks the ingress pipeline, not the tunnel's key, for whom it is that a packet was too big.
                } else if (meta.tunnel_type != TUNNEL_NONE && (hdr.ipv6.isValid() ? hdr.icmp.type == 2 : hdr.icmp.type == 3 && hdr.icmp.code == 4)) {
                    meta.reason = REASON_CONTROL_PROTOCOL;
                }
            } else if (hdr.sctp.isValid() && meta.l4_len < 12) {
                meta.reason = REASON_MALFORMED;
            }
        }
        if (meta.reason != REASON_NONE) {
            meta.class = CLASS_SOFTWARE;
        } else if (is_group) {
            meta.class = meta.class | CLASS_GROUP;
            meta.trackable = 0;
        }
    }
}
