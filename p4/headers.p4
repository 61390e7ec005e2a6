// Headers as they are on the wire, and what travels with a packet through the pipeline.

header ethernet_h {
    bit<48> dst;
    bit<48> src;
    bit<16> ether_type;
}

header vlan_h {
    bit<3>  pcp;
    bit<1>  dei;
    bit<12> vid;
    bit<16> ether_type;
}

header ipv4_h {
    bit<8>  version_ihl;
    bit<6>  dscp;
    bit<2>  ecn;
    bit<16> total_len;
    bit<16> id;
    bit<16> fragment;        // 1 reserved, 1 DF, 1 MF, 13 offset
    bit<8>  ttl;
    bit<8>  proto;
    bit<16> checksum;
    bit<32> src;
    bit<32> dst;
}

header ipv6_h {
    bit<4>   version;
    bit<6>   dscp;
    bit<2>   ecn;
    bit<20>  flow_label;
    bit<16>  payload_len;
    bit<8>   proto;
    bit<8>   ttl;
    bit<128> src;
    bit<128> dst;
}

// RFC 826, for IPv4 over Ethernet.
header arp_h {
    bit<48> kinds;           // hardware type, protocol, lengths
    bit<16> op;
    bit<48> sha;
    bit<32> spa;
    bit<48> tha;
    bit<32> tpa;
}

header tcp_h {
    bit<16> src_port;
    bit<16> dst_port;
    bit<32> seq;
    bit<32> ack;
    bit<4>  data_offset;
    bit<12> flags;           // with the reserved bits, as OVS has them
    bit<16> window;
    bit<16> checksum;
    bit<16> urgent;
}

header udp_h {
    bit<16> src_port;
    bit<16> dst_port;
    bit<16> len;
    bit<16> checksum;
}

header sctp_h {
    bit<16> src_port;
    bit<16> dst_port;
    bit<32> tag;
    bit<32> checksum;
}

// ICMP and ICMPv6.
header icmp_h {
    bit<8>  type;
    bit<8>  code;
    bit<16> checksum;
    bit<16> id;              // of echo messages
    bit<16> rest;
}

// RFC 8926, 3.4.
header geneve_h {
    bit<2>  version;
    bit<6>  opt_len;         // in words
    bit<1>  oam;
    bit<1>  critical;
    bit<6>  reserved1;
    bit<16> protocol;
    bit<24> vni;
    bit<8>  reserved2;
}

// OVN's option: 16 bits of logical ingress port (the highest 0), 16 bits of logical egress port.
header ovn_option_h {
    bit<16> class;
    bit<8>  type;
    bit<3>  reserved;
    bit<5>  len;             // in words
    bit<16> in_key;
    bit<16> out_key;
}

// RFC 7348, 5.
header vxlan_h {
    bit<8>  flags;
    bit<24> reserved1;
    bit<24> vni;
    bit<8>  reserved2;
}

// The first octets of a frame, if it is IPv4 without VLAN tag and options: enough to tell a tunnel.
header probe_h {
    bit<112> ethernet;
    bit<8>   version_ihl;
    bit<40>  tos_len_id;
    bit<16>  fragment;
    bit<8>   ttl;
    bit<8>   proto;
    bit<80>  checksum_src_dst;
    bit<16>  src_port;
    bit<16>  dst_port;
    bit<32>  len_checksum;
}

struct headers_t {
    // Only of a tunnel packet:
    ethernet_h   outer_ethernet;
    ipv4_h       outer_ipv4;
    udp_h        outer_udp;
    geneve_h     geneve;
    ovn_option_h ovn_option;
    vxlan_h      vxlan;
    // The packet that the network is about:
    ethernet_h   ethernet;
    vlan_h       vlan;
    ipv4_h       ipv4;
    ipv6_h       ipv6;
    arp_h        arp;
    tcp_h        tcp;
    udp_h        udp;
    sctp_h       sctp;
    icmp_h       icmp;
}

struct metadata_t {
    // ---- What the packet is
    bit<3>   class;
    bit<2>   tunnel_type;
    bit<24>  vni;
    bit<16>  rx_in_key;
    bit<16>  rx_out_key;
    bit<1>   vlan_valid;
    bit<12>  vlan_id;
    bit<16>  frame_len;        // inner Ethernet to the end of the frame, without a VLAN tag
    bit<16>  l4_len;           // octets of the IP payload
    bit<16>  zero;             // what a checksum over data with its checksum must give
    bit<8>   pad;              // for pseudo-headers
    bit<8>   proto;
    bit<12>  tcp_flags;
    bit<1>   trackable;        // a connection may decide about it

    // ---- Where it is
    bit<20>  state;
    bit<24>  in_port;
    bit<16>  in_key;
    bit<16>  space;
    bit<64>  src_class;
    bit<64>  dst_class;
    bit<24>  connection;
    bit<3>   verdict;
    reason_t reason;
    bit<16>  output;
    bit<24>  loop;
    bit<16>  max_len;
    port_t   port;
    bit<16>  mcast_group;
    bit<16>  meter1;           // 0: none
    bit<16>  meter2;
    bit<2>   color;

    // ---- The working copy
    bit<48>  eth_src;
    bit<48>  eth_dst;
    bit<32>  src4;
    bit<32>  dst4;
    bit<128> src6;
    bit<128> dst6;
    bit<16>  l4_src;           // ports, or ICMP type, or ARP operation
    bit<16>  l4_dst;           // ports, or ICMP code
    bit<16>  sport;            // ports, or ICMP echo identifier
    bit<16>  dport;
    bit<6>   dscp;
    bit<8>   ttl;
    bit<8>   ttl_dec;
    bit<2>   turned;           // which addresses have to change places before the next stage
    bit<48>  asked;            // for whom an ARP request asked

    // ---- What egress has to finish
    bit<1>   ipv4_edited;
    bit<1>   encapsulated;
    bit<1>   outer_checksum;
    bit<16>  encap;
    bit<16>  udp_port;
    bit<16>  udp_len;
}
