// Entries that every target promises to hold. Pipeline.Tables in GatewayOS.P4 has the same sizes; a test compares.

const bit<32> SIZE_TUNNEL_PEER   = 4096;
const bit<32> SIZE_ENTRY_TUNNEL  = 65536;
const bit<32> SIZE_ENTRY_PORT    = 16384;
const bit<32> SIZE_CLASS_BITS    = 65536;
const bit<32> SIZE_GUARD         = 16384;
const bit<32> SIZE_L2            = 65536;
const bit<32> SIZE_ACL           = 16384;    // special, acl_to
const bit<32> SIZE_CONNECTION    = 262144;
const bit<32> SIZE_ROUTE         = 65536;    // route, transit
const bit<32> SIZE_POLICY        = 8192;
const bit<32> SIZE_SELECT        = 8192;
const bit<32> SIZE_SELECT_PROFILE = 65536;
const bit<32> SIZE_NEIGHBOR      = 65536;
const bit<32> SIZE_OUTPUT        = 65536;    // output, framing
const bit<32> SIZE_ENCAP         = 4096;

const bit<32> SIZE_METERS  = 8192;

const bit<32> SIZE_PUNTS    = 4096;
const bit<32> SIZE_VERDICTS = 2048;
const bit<32> SIZE_LOST     = 512;
