// Numbers with a meaning outside the program. src/GatewayOS.P4 has the same ones; a test compares.

typedef bit<9>  port_t;
typedef bit<16> reason_t;

// A front port and its exception port differ in this bit. v1model drops what goes to 511, so front ports are 1..254.
const port_t EXCEPTION_BIT = 256;

// ---- Why the program itself punts (PuntReason in GatewayOS.P4); the compiler's reasons begin at 64 ----------------------
const reason_t REASON_NONE                 = 0;
const reason_t REASON_NOT_IP               = 1;
const reason_t REASON_GROUP_ADDRESS        = 2;
const reason_t REASON_OPTIONS_OR_EXTENSIONS = 3;
const reason_t REASON_FRAGMENT             = 4;
const reason_t REASON_TIME_TO_LIVE         = 5;
const reason_t REASON_MALFORMED            = 6;
const reason_t REASON_MARTIAN              = 7;
const reason_t REASON_CONTROL_PROTOCOL     = 8;
const reason_t REASON_TUNNEL_HEADER        = 9;
const reason_t REASON_VLAN_STACK           = 10;
const reason_t REASON_CHECKSUM             = 11;
const reason_t REASON_UNKNOWN_TUNNEL_PEER  = 12;
const reason_t REASON_NO_ENTRY_POINT       = 13;
const reason_t REASON_NO_ENTRY             = 14;
const reason_t REASON_TOO_LARGE            = 15;
const reason_t REASON_NO_OUTPUT            = 16;
const reason_t REASON_CONNECTION_LIFECYCLE = 17;

// ---- Verdicts; the first three index the counter `verdicts` ---------------------------------------------------------------
const bit<3> VERDICT_NONE    = 0;
const bit<3> VERDICT_FORWARD = 1;
const bit<3> VERDICT_DROP    = 2;
const bit<3> VERDICT_PUNT    = 3;
const bit<3> VERDICT_TRACK   = 4;   // a connection decides

// ---- Packet classes and tunnel types, as keys -----------------------------------------------------------------------------
const bit<3> CLASS_SOFTWARE   = 0;
const bit<3> CLASS_IPV4       = 1;
const bit<3> CLASS_IPV6       = 2;
const bit<3> CLASS_ARP        = 3;   // requests
const bit<3> CLASS_GROUP      = 4;   // this bit: to a group address (ARP: to all)

const bit<3> CLASS_FAMILY     = 3;

const bit<2> TUNNEL_NONE   = 0;
const bit<2> TUNNEL_GENEVE = 1;
const bit<2> TUNNEL_VXLAN  = 2;

// A packet with fewer hops left is software's: routers may answer it.
const bit<8> TTL_GUARD = 8;

// ---- The bits of `edits` and `rewrite` ------------------------------------------------------------------------------------
const bit<8> EDIT_ETH_SRC = 1;
const bit<8> EDIT_ETH_DST = 2;
const bit<8> EDIT_TTL     = 4;
const bit<8> EDIT_DSCP    = 8;

const bit<4> REWRITE_SRC    = 1;
const bit<4> REWRITE_DST    = 2;
const bit<4> REWRITE_L4_SRC = 4;
const bit<4> REWRITE_L4_DST = 8;

// ---- What changes places ---------------------------------------------------------------------------------------------------
const bit<2> TURNED_NOT      = 0;
const bit<2> TURNED_IP       = 1;
const bit<2> TURNED_ETHERNET = 2;
const bit<2> TURNED_ARP      = 3;

// ---- Numbers of other people's protocols ----------------------------------------------------------------------------------
const bit<16> ETHERTYPE_IPV4   = 0x0800;
const bit<16> ETHERTYPE_ARP    = 0x0806;
const bit<16> ETHERTYPE_IPV6   = 0x86dd;
const bit<16> ETHERTYPE_VLAN   = 0x8100;
const bit<16> ETHERTYPE_QINQ   = 0x88a8;
const bit<16> ETHERTYPE_BRIDGE = 0x6558;   // Geneve: the payload is an Ethernet frame (RFC 8926, 3.4)

const bit<48> ARP_IPV4_OVER_ETHERNET = 0x000108000604;   // hardware type, protocol, lengths
const bit<16> ARP_REQUEST = 1;
const bit<16> ARP_REPLY   = 2;

const bit<8> PROTO_ICMP   = 1;
const bit<8> PROTO_IGMP   = 2;
const bit<8> PROTO_TCP    = 6;
const bit<8> PROTO_UDP    = 17;
const bit<8> PROTO_ICMPV6 = 58;
const bit<8> PROTO_SCTP   = 132;

const bit<16> UDP_GENEVE = 6081;
const bit<16> UDP_VXLAN  = 4789;

// OVN's one Geneve option (ovn-architecture(7), "Tunnel Encapsulations"): one word of data, critical bit in the type.
const bit<16> OVN_OPTION_CLASS = 0x0102;
const bit<8>  OVN_OPTION_TYPE  = 0x80;

const bit<12> TCP_FIN_SYN_RST_ACK = 0x017;
const bit<12> TCP_ACK             = 0x010;
