// What the machine has to do, feature by feature: the first octet of eth.dst chooses the case, the test knows what comes out.
#include <core.p4>
#include <v1model.p4>

header eth_t { bit<8> op; bit<40> dst; bit<48> src; bit<16> etype; }
header tag_t { bit<3> pcp; bit<1> dei; bit<12> vid; bit<16> etype; }
header work_t { bit<8> a; bit<8> b; int<8> s; bit<4> n; bit<12> m; bit<8> pad; bit<128> w; bit<128> v; }
header opts_t { bit<8> len; varbit<64> o; }
header sum_t { bit<16> csum; }
struct headers { eth_t eth; tag_t[2] tag; work_t work; opts_t opts; sum_t sum; }
struct digest_t { bit<48> src; bit<9> port; }
struct meta_t { @field_list(1) bit<8> count; bit<2> color; bit<16> hash; bit<8> rest; }
error { BadWork }

parser P(packet_in p, out headers h, inout meta_t m, inout standard_metadata_t s) {
    value_set<bit<16>>(4) known;
    state start {
        p.extract(h.eth);
        transition select(h.eth.etype) { 0x8100: tag; 0x9000: work; 0x9001 &&& 0xffff: opts; 0x9002: sum; known: work; default: accept; }
    }
    state tag { p.extract(h.tag.next); transition select(h.tag.last.etype) { 0x8100: tag; default: accept; } }
    state work { p.extract(h.work); verify(h.work.n != 15, error.BadWork); m.rest = p.lookahead<bit<8>>(); transition accept; }
    state opts { p.extract(h.opts, (bit<32>)(p.lookahead<bit<8>>()) * 8); transition accept; }
    state sum { p.extract(h.sum); transition accept; }
}

control V(inout headers h, inout meta_t m) { apply { verify_checksum_with_payload(h.sum.isValid(), { h.eth.src }, h.sum.csum, HashAlgorithm.csum16); } }

control I(inout headers h, inout meta_t m, inout standard_metadata_t s) {
    register<bit<128>>(4) cells;
    meter(4, MeterType.packets) limits;
    counter(8, CounterType.packets_and_bytes) seen;
    direct_counter(CounterType.packets_and_bytes) hits;

    action leave(bit<9> port) { s.egress_spec = port; }
    action discard() { mark_to_drop(s); }
    action group(bit<16> g) { s.mcast_grp = g; }

    table exact_wide { key = { h.work.v: exact; } actions = { leave; discard; } size = 2; default_action = leave(9); counters = hits; support_timeout = true; }
    table routes { key = { h.work.a: exact; h.work.v: lpm; } actions = { leave; discard; } default_action = leave(9); }
    table rules { key = { h.work.a: ternary; h.work.m: range; h.work.b: optional; h.tag[0].vid: ternary; } actions = { leave; discard; } default_action = leave(9); }
    action_selector(HashAlgorithm.crc16, 32w16, 32w16) choose;
    table balanced { key = { h.work.a: exact; h.work.v: selector; } actions = { leave; discard; NoAction; } implementation = choose; }
    table fixed { key = { h.work.a: ternary; } actions = { leave; discard; } const default_action = leave(9);
        const entries = { 1: leave(1); 0 &&& 1: leave(2); _: leave(3); } }

    apply {
        seen.count((bit<32>)h.eth.op);
        s.egress_spec = 2;
        if (h.eth.op == 1) {
            h.work.a = h.work.a - h.work.b; h.work.s = h.work.s >> 1; h.work.m = (bit<12>)h.work.b << 6; h.work.w = h.work.w + h.work.v; h.work.b = h.work.b |-| 200;
        } else if (h.eth.op == 2) { h.work.w = h.work.w * h.work.v; h.work.v[71:60] = 12w0xabc; h.work.a = ~h.work.a; h.work.s = -h.work.s; }
        else if (h.eth.op == 3) { exact_wide.apply(); }
        else if (h.eth.op == 4) { routes.apply(); }
        else if (h.eth.op == 5) { rules.apply(); }
        else if (h.eth.op == 6) { if (!balanced.apply().hit) { s.egress_spec = 8; } }
        else if (h.eth.op == 7) { fixed.apply(); }
        else if (h.eth.op == 8) { h.tag.push_front(1); h.tag[0].setValid(); h.tag[0].vid = 5; h.tag[0].etype = h.eth.etype; h.eth.etype = 0x8100; }
        else if (h.eth.op == 9) { h.tag.pop_front(1); }
        else if (h.eth.op == 10) { group(7); }
        else if (h.eth.op == 11) { clone_preserving_field_list(CloneType.I2E, 5, 1); }
        else if (h.eth.op == 12) { if (m.count < 3) { m.count = m.count + 1; resubmit_preserving_field_list(1); } else { h.eth.src = 0; } }
        else if (h.eth.op == 14) { cells.read(h.work.w, 3); cells.write(3, h.work.v); }
        else if (h.eth.op == 15) { limits.execute_meter(32w1, m.color); h.work.a = (bit<8>)m.color; }
        else if (h.eth.op == 16) { hash(m.hash, HashAlgorithm.crc32, 16w0, { h.work.v, 4w3, 12w4 }, 17w65536); h.work.m = m.hash[11:0]; }
        else if (h.eth.op == 17) { digest<digest_t>(1, { h.eth.src, s.ingress_port }); }
        else if (h.eth.op == 18) { truncate(20); }
        else if (h.eth.op == 19) { h.eth.src[31:0] = s.packet_length; h.eth.src[47:32] = (s.parser_error == error.BadWork ? 16w7 : (s.parser_error == error.PacketTooShort ? 16w1 : 16w0)); h.eth.dst[0:0] = s.checksum_error; }
        else if (h.eth.op == 20) { discard(); }
        else if (h.eth.op == 21) { h.opts.setInvalid(); h.work.setValid(); h.work.a = 0xee; }
        else if (h.eth.op == 22) { if (h.work.s < 0) { s.egress_spec = 4; } }
    }
}

control E(inout headers h, inout meta_t m, inout standard_metadata_t s) {
    apply {
        if (h.eth.op == 10 || h.eth.op == 11) { h.eth.src = (bit<48>)(s.egress_rid ++ (bit<16>)s.instance_type ++ (bit<16>)s.egress_port); }
        if (h.eth.op == 13) { if (m.count == 0) { m.count = 1; h.eth.dst = h.eth.dst + 1; recirculate_preserving_field_list(1); } }
        if (h.eth.op == 21 && h.work.isValid()) { h.eth.src = (bit<48>)s.packet_length; }
        if (h.eth.op == 19) { h.eth.dst = h.eth.dst + ((bit<40>)s.packet_length << 8); }
    }
}

control C(inout headers h, inout meta_t m) { apply { update_checksum_with_payload(h.sum.isValid(), { h.eth.src }, h.sum.csum, HashAlgorithm.csum16); } }
control D(packet_out p, in headers h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;
