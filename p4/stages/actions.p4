// The actions of the stages. They decide and edit the working copy; nobody touches a header before egress.

action apply_edits(inout metadata_t meta, in bit<8> edits, in bit<48> eth_src, in bit<48> eth_dst, in bit<4> ttl_dec, in bit<6> dscp,
        in bit<16> meter_, in bit<16> meter2) {
    meta.eth_src = (edits & EDIT_ETH_SRC) != 0 ? eth_src : meta.eth_src;
    meta.eth_dst = (edits & EDIT_ETH_DST) != 0 ? eth_dst : meta.eth_dst;
    meta.ttl_dec = (edits & EDIT_TTL) != 0 ? meta.ttl_dec + (bit<8>)ttl_dec : meta.ttl_dec;
    meta.dscp = (edits & EDIT_DSCP) != 0 ? dscp : meta.dscp;
    // 0 is none, and on no path is one of the two set twice.
    meta.meter1 = meta.meter1 | meter_;
    meta.meter2 = meta.meter2 | meter2;
}

// Output compares `loop` with the packet's ingress port, once for all stages.
action send(inout metadata_t meta, in bit<16> out_, in bit<24> loop) {
    meta.output = out_;
    meta.loop = loop;
    meta.verdict = VERDICT_FORWARD;
}

@name(".go") action go(inout metadata_t meta, bit<20> next) {
    meta.state = next;
}

@name(".go_edit")
action go_edit(inout metadata_t meta, bit<20> next, bit<8> edits, bit<48> eth_src, bit<48> eth_dst, bit<4> ttl_dec, bit<6> dscp,
        @name("meter") bit<16> meter_, bit<16> meter2) {
    apply_edits(meta, edits, eth_src, eth_dst, ttl_dec, dscp, meter_, meter2);
    meta.state = next;
}

// Stateless NAT.
@name(".go_src4") action go_src4(inout metadata_t meta, bit<20> next, bit<32> address) {
    meta.src4 = address;
    meta.state = next;
}

@name(".go_dst4") action go_dst4(inout metadata_t meta, bit<20> next, bit<32> address) {
    meta.dst4 = address;
    meta.state = next;
}

@name(".go_src6") action go_src6(inout metadata_t meta, bit<20> next, bit<128> address) {
    meta.src6 = address;
    meta.state = next;
}

@name(".go_dst6") action go_dst6(inout metadata_t meta, bit<20> next, bit<128> address) {
    meta.dst6 = address;
    meta.state = next;
}

// A request goes back to its sender as the answer (RFC 792, Echo; RFC 4443, 4.2): the IP addresses change places, the hop count begins anew.
@name(".turn") action turn(inout metadata_t meta, bit<20> next, bit<8> icmp_type, bit<8> ttl) {
    meta.turned = TURNED_IP;
    meta.l4_src = (bit<16>)icmp_type;
    meta.ttl = ttl;
    meta.ttl_dec = 0;
    meta.state = next;
}

@name(".turn_eth") action turn_eth(inout metadata_t meta, bit<20> next) {
    meta.turned = TURNED_ETHERNET;
    meta.state = next;
}

// A request goes back to its sender as the answer (RFC 826): the protocol addresses change places, the sender is the one that was asked for.
@name(".answer") action answer(inout metadata_t meta, bit<20> next, bit<48> address) {
    meta.turned = TURNED_ARP;
    meta.l4_src = ARP_REPLY;
    meta.asked = address;
    meta.state = next;
}

// What the actions above have ordered, before the next stage. (p4c copies all of `meta` where an action itself exchanges two of its fields.)
control Turn(inout metadata_t meta) {
    apply {
        if (meta.turned == TURNED_ARP) {
            bit<32> sender = meta.src4;
            meta.src4 = meta.dst4;
            meta.dst4 = sender;
            meta.eth_dst = meta.eth_src;
            meta.eth_src = meta.asked;
            meta.turned = TURNED_NOT;
        } else if (meta.turned == TURNED_IP) {
            bit<32> sender4 = meta.src4;
            bit<128> sender6 = meta.src6;
            meta.src4 = meta.dst4;
            meta.dst4 = sender4;
            meta.src6 = meta.dst6;
            meta.dst6 = sender6;
            meta.turned = TURNED_NOT;
        } else if (meta.turned == TURNED_ETHERNET) {
            bit<48> sender = meta.eth_src;
            meta.eth_src = meta.eth_dst;
            meta.eth_dst = sender;
            meta.turned = TURNED_NOT;
        }
    }
}

@name(".forward") action forward(inout metadata_t meta, @name("out") bit<16> out_, bit<24> loop) {
    send(meta, out_, loop);
}

@name(".forward_edit")
action forward_edit(inout metadata_t meta, @name("out") bit<16> out_, bit<24> loop,
        bit<8> edits, bit<48> eth_src, bit<48> eth_dst, bit<4> ttl_dec, bit<6> dscp, @name("meter") bit<16> meter_, bit<16> meter2) {
    apply_edits(meta, edits, eth_src, eth_dst, ttl_dec, dscp, meter_, meter2);
    send(meta, out_, loop);
}

@name(".deny") action deny(inout metadata_t meta) {
    meta.verdict = VERDICT_DROP;
}

// The rest is the connection's; without one the reason stands.
@name(".track") action track(inout metadata_t meta, bit<20> next, bit<16> reason) {
    meta.state = next;
    meta.verdict = VERDICT_TRACK;
    meta.reason = reason;
}

@name(".track_edit")
action track_edit(inout metadata_t meta, bit<20> next, bit<16> reason, bit<8> edits, bit<48> eth_src, bit<48> eth_dst, bit<4> ttl_dec, bit<6> dscp,
        @name("meter") bit<16> meter_, bit<16> meter2) {
    apply_edits(meta, edits, eth_src, eth_dst, ttl_dec, dscp, meter_, meter2);
    track(meta, next, reason);
}

@name(".punt") action punt(inout metadata_t meta, bit<16> reason) {
    meta.verdict = VERDICT_PUNT;
    meta.reason = reason;
}
