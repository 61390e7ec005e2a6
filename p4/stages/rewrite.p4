// Egress: writes the working copy to the headers. Tunnel and VLAN of the packet as it came are gone after this.

control Rewrite(inout headers_t hdr, inout metadata_t meta) {
    bit<32> sum;

    // RFC 1624, 3 (eqn. 3): HC' = ~(~HC + ~m + m'). `sum` gathers ~m + m' of what has changed; folding twice absorbs all carries.
    @hidden action fold(inout bit<16> checksum) {
        sum = sum + (bit<32>)(~checksum);
        sum = (sum & 0xffff) + (sum >> 16);
        sum = (sum & 0xffff) + (sum >> 16);
        checksum = ~sum[15:0];
    }

    @hidden action strip() {
        hdr.outer_ethernet.setInvalid();
        hdr.outer_ipv4.setInvalid();
        hdr.outer_udp.setInvalid();
        hdr.geneve.setInvalid();
        hdr.ovn_option.setInvalid();
        hdr.vxlan.setInvalid();
        hdr.ethernet.ether_type = hdr.ipv4.isValid() ? ETHERTYPE_IPV4 : (hdr.ipv6.isValid() ? ETHERTYPE_IPV6 : ETHERTYPE_ARP);
        hdr.vlan.setInvalid();
        hdr.ethernet.src = meta.eth_src;
        hdr.ethernet.dst = meta.eth_dst;
    }

    @hidden action ipv4() {
        sum = (bit<32>)(~hdr.ipv4.src[31:16]) + (bit<32>)meta.src4[31:16] + (bit<32>)(~hdr.ipv4.src[15:0]) + (bit<32>)meta.src4[15:0]
            + (bit<32>)(~hdr.ipv4.dst[31:16]) + (bit<32>)meta.dst4[31:16] + (bit<32>)(~hdr.ipv4.dst[15:0]) + (bit<32>)meta.dst4[15:0];
        hdr.ipv4.src = meta.src4;
        hdr.ipv4.dst = meta.dst4;
        hdr.ipv4.ttl = meta.ttl - meta.ttl_dec;
        hdr.ipv4.dscp = meta.dscp;
        meta.ipv4_edited = 1;
    }

    @hidden action ipv6() {
        hdr.ipv6.ttl = meta.ttl - meta.ttl_dec;
        hdr.ipv6.dscp = meta.dscp;
    }

    @hidden action ipv6_addresses() {
        sum = (bit<32>)(~hdr.ipv6.src[127:112]) + (bit<32>)meta.src6[127:112] + (bit<32>)(~hdr.ipv6.src[111:96]) + (bit<32>)meta.src6[111:96]
            + (bit<32>)(~hdr.ipv6.src[95:80]) + (bit<32>)meta.src6[95:80] + (bit<32>)(~hdr.ipv6.src[79:64]) + (bit<32>)meta.src6[79:64]
            + (bit<32>)(~hdr.ipv6.src[63:48]) + (bit<32>)meta.src6[63:48] + (bit<32>)(~hdr.ipv6.src[47:32]) + (bit<32>)meta.src6[47:32]
            + (bit<32>)(~hdr.ipv6.src[31:16]) + (bit<32>)meta.src6[31:16] + (bit<32>)(~hdr.ipv6.src[15:0]) + (bit<32>)meta.src6[15:0]
            + (bit<32>)(~hdr.ipv6.dst[127:112]) + (bit<32>)meta.dst6[127:112] + (bit<32>)(~hdr.ipv6.dst[111:96]) + (bit<32>)meta.dst6[111:96]
            + (bit<32>)(~hdr.ipv6.dst[95:80]) + (bit<32>)meta.dst6[95:80] + (bit<32>)(~hdr.ipv6.dst[79:64]) + (bit<32>)meta.dst6[79:64]
            + (bit<32>)(~hdr.ipv6.dst[63:48]) + (bit<32>)meta.dst6[63:48] + (bit<32>)(~hdr.ipv6.dst[47:32]) + (bit<32>)meta.dst6[47:32]
            + (bit<32>)(~hdr.ipv6.dst[31:16]) + (bit<32>)meta.dst6[31:16] + (bit<32>)(~hdr.ipv6.dst[15:0]) + (bit<32>)meta.dst6[15:0];
        hdr.ipv6.src = meta.src6;
        hdr.ipv6.dst = meta.dst6;
    }

    // A request that is only passed on stays what it is.
    @hidden action arp_reply() {
        hdr.arp.op = ARP_REPLY;
        hdr.arp.sha = meta.eth_src;
        hdr.arp.spa = meta.src4;
        hdr.arp.tha = meta.eth_dst;
        hdr.arp.tpa = meta.dst4;
    }

    @hidden action tcp() {
        sum = sum + (bit<32>)(~hdr.tcp.src_port) + (bit<32>)meta.sport + (bit<32>)(~hdr.tcp.dst_port) + (bit<32>)meta.dport;
        hdr.tcp.src_port = meta.sport;
        hdr.tcp.dst_port = meta.dport;
        fold(hdr.tcp.checksum);
    }

    @hidden action udp_ports() {
        sum = sum + (bit<32>)(~hdr.udp.src_port) + (bit<32>)meta.sport + (bit<32>)(~hdr.udp.dst_port) + (bit<32>)meta.dport;
        hdr.udp.src_port = meta.sport;
        hdr.udp.dst_port = meta.dport;
    }

    // RFC 768: no checksum stays none, and a sum of 0 is sent as 0xffff.
    @hidden action udp_checksum() {
        fold(hdr.udp.checksum);
        hdr.udp.checksum = hdr.udp.checksum == 0 ? 16w0xffff : hdr.udp.checksum;
    }

    @hidden action icmp_id() {
        sum = sum + (bit<32>)(~hdr.icmp.id) + (bit<32>)meta.sport;
        hdr.icmp.id = meta.sport;
    }

    @hidden action icmp_type() {
        sum = sum + (bit<32>)(~(hdr.icmp.type ++ hdr.icmp.code)) + (bit<32>)(meta.l4_src[7:0] ++ hdr.icmp.code);
        hdr.icmp.type = meta.l4_src[7:0];
    }

    apply {
        strip();
        sum = 0;
        if (hdr.ipv4.isValid()) {
            if (meta.src4 != hdr.ipv4.src || meta.dst4 != hdr.ipv4.dst || meta.ttl - meta.ttl_dec != hdr.ipv4.ttl
                    || meta.dscp != hdr.ipv4.dscp) {
                ipv4();
            }
        } else if (hdr.ipv6.isValid()) {
            ipv6();
            if (meta.src6 != hdr.ipv6.src || meta.dst6 != hdr.ipv6.dst) {
                ipv6_addresses();
            }
        } else if (meta.l4_src == ARP_REPLY) {
            arp_reply();
        }

        // OVS updates no other protocol's checksum when it sets an address.
        if (hdr.tcp.isValid()) {
            tcp();
        } else if (hdr.udp.isValid()) {
            udp_ports();
            if (hdr.udp.checksum != 0) {
                udp_checksum();
            }
        } else if (hdr.icmp.isValid()) {
            if (hdr.ipv4.isValid()) {
                sum = 0;        // ICMP has no pseudo-header
            }
            if (meta.trackable == 1) {
                icmp_id();
            }
            if (meta.l4_src[7:0] != hdr.icmp.type) {
                icmp_type();
            }
            fold(hdr.icmp.checksum);
        }
    }
}
