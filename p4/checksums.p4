// Checksums are verified over data that contains them: the sum is then 0 for both representations of zero (RFC 1624, 3), hence the
// comparison with meta.zero.
//
// v1model leaves a header that is not valid out of a calculation, as bmv2 does; so one list serves IPv4 and IPv6, and every combination of
// headers inside a tunnel. Every header has an even number of octets, so what is left out does not shift what follows.

#define IPV4_FIELDS(h) h.version_ihl, h.dscp, h.ecn, h.total_len, h.id, h.fragment, h.ttl, h.proto, h.src, h.dst
#define PSEUDO_FIELDS hdr.ipv4.src, hdr.ipv4.dst, hdr.ipv6.src, hdr.ipv6.dst, meta.pad, meta.proto, meta.l4_len
#define TCP_FIELDS hdr.tcp.src_port, hdr.tcp.dst_port, hdr.tcp.seq, hdr.tcp.ack, hdr.tcp.data_offset, hdr.tcp.flags, hdr.tcp.window, \
    hdr.tcp.checksum, hdr.tcp.urgent
#define UDP_FIELDS hdr.udp.src_port, hdr.udp.dst_port, hdr.udp.len, hdr.udp.checksum
#define ICMP_FIELDS hdr.icmp.type, hdr.icmp.code, hdr.icmp.checksum, hdr.icmp.id, hdr.icmp.rest

// All that the outer UDP checksum covers besides itself.
#define TUNNEL_FIELDS \
    hdr.outer_ipv4.src, hdr.outer_ipv4.dst, meta.pad, hdr.outer_ipv4.proto, hdr.outer_udp.len, \
    hdr.outer_udp.src_port, hdr.outer_udp.dst_port, hdr.outer_udp.len, \
    hdr.geneve.version, hdr.geneve.opt_len, hdr.geneve.oam, hdr.geneve.critical, hdr.geneve.reserved1, hdr.geneve.protocol, \
    hdr.geneve.vni, hdr.geneve.reserved2, \
    hdr.ovn_option.class, hdr.ovn_option.type, hdr.ovn_option.reserved, hdr.ovn_option.len, hdr.ovn_option.in_key, \
    hdr.ovn_option.out_key, \
    hdr.vxlan.flags, hdr.vxlan.reserved1, hdr.vxlan.vni, hdr.vxlan.reserved2, \
    hdr.ethernet.dst, hdr.ethernet.src, hdr.ethernet.ether_type, \
    hdr.vlan.pcp, hdr.vlan.dei, hdr.vlan.vid, hdr.vlan.ether_type, \
    IPV4_FIELDS(hdr.ipv4), hdr.ipv4.checksum, \
    hdr.ipv6.version, hdr.ipv6.dscp, hdr.ipv6.ecn, hdr.ipv6.flow_label, hdr.ipv6.payload_len, hdr.ipv6.proto, hdr.ipv6.ttl, \
    hdr.ipv6.src, hdr.ipv6.dst, \
    hdr.arp.kinds, hdr.arp.op, hdr.arp.sha, hdr.arp.spa, hdr.arp.tha, hdr.arp.tpa, \
    TCP_FIELDS, UDP_FIELDS, \
    hdr.sctp.src_port, hdr.sctp.dst_port, hdr.sctp.tag, hdr.sctp.checksum, \
    ICMP_FIELDS

// Any failure makes the packet class 0. Kernel conntrack calls a packet with a wrong L4 checksum invalid, so a connection must not see it.
control VerifyChecksums(inout headers_t hdr, inout metadata_t meta) {
    apply {
        verify_checksum(hdr.outer_ipv4.isValid(), { IPV4_FIELDS(hdr.outer_ipv4), hdr.outer_ipv4.checksum }, meta.zero, HashAlgorithm.csum16);
        verify_checksum_with_payload(hdr.outer_udp.isValid() && hdr.outer_udp.checksum != 0,
            { TUNNEL_FIELDS, hdr.outer_udp.checksum }, meta.zero, HashAlgorithm.csum16);
        verify_checksum(hdr.ipv4.isValid() && hdr.ipv4.version_ihl == 0x45, { IPV4_FIELDS(hdr.ipv4), hdr.ipv4.checksum },
            meta.zero, HashAlgorithm.csum16);
        verify_checksum_with_payload(hdr.tcp.isValid(), { PSEUDO_FIELDS, TCP_FIELDS }, meta.zero, HashAlgorithm.csum16);
        // RFC 768: no checksum over IPv4. RFC 8200, 8.1: over IPv6 zero is wrong, and a sum with it comes out wrong.
        verify_checksum_with_payload(hdr.udp.isValid() && (hdr.udp.checksum != 0 || hdr.ipv6.isValid()),
            { PSEUDO_FIELDS, UDP_FIELDS }, meta.zero, HashAlgorithm.csum16);
        verify_checksum_with_payload(hdr.icmp.isValid() && hdr.ipv4.isValid(), { ICMP_FIELDS }, meta.zero, HashAlgorithm.csum16);
        verify_checksum_with_payload(hdr.icmp.isValid() && hdr.ipv6.isValid(), { PSEUDO_FIELDS, ICMP_FIELDS }, meta.zero, HashAlgorithm.csum16);
    }
}

// In this order: the outer UDP checksum covers the inner IPv4 header. L4 checksums were updated in egress.
control ComputeChecksums(inout headers_t hdr, inout metadata_t meta) {
    apply {
        update_checksum(hdr.ipv4.isValid() && meta.ipv4_edited == 1, { IPV4_FIELDS(hdr.ipv4) }, hdr.ipv4.checksum, HashAlgorithm.csum16);
        update_checksum(meta.encapsulated == 1, { IPV4_FIELDS(hdr.outer_ipv4) }, hdr.outer_ipv4.checksum, HashAlgorithm.csum16);
        update_checksum_with_payload(meta.encapsulated == 1 && meta.outer_checksum == 1, { TUNNEL_FIELDS },
            hdr.outer_udp.checksum, HashAlgorithm.csum16);
        // RFC 768: a sum of 0 is sent as 0xffff, which is what no data add up to.
        update_checksum(meta.encapsulated == 1 && meta.outer_checksum == 1 && hdr.outer_udp.checksum == 0, { meta.zero },
            hdr.outer_udp.checksum, HashAlgorithm.csum16);
    }
}
