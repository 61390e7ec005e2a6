// Connections in two steps: the 5-tuple gives a number early; the number, the state and the Ethernet destination, which is no part of the 5-tuple, give the
// verdict at the end. State and address keep a packet that came another way from taking the verdict.

control Connection(inout metadata_t meta) {
    @name(".set_connection") action set_connection(bit<24> index) {
        meta.connection = index;
    }

    @name(".connection4_hits") direct_counter(CounterType.packets_and_bytes) connection4_hits;
    @name(".connection4") table connection4 {
        key = {
            meta.in_port : exact @name("in_port");
            meta.src4 : exact @name("src");
            meta.dst4 : exact @name("dst");
            meta.proto : exact @name("proto");
            meta.sport : exact @name("sport");
            meta.dport : exact @name("dport");
        }
        actions = {
            set_connection;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = connection4_hits;
        size = SIZE_CONNECTION;
        support_timeout = true;
    }

    @name(".connection6_hits") direct_counter(CounterType.packets_and_bytes) connection6_hits;
    @name(".connection6") table connection6 {
        key = {
            meta.in_port : exact @name("in_port");
            meta.src6 : exact @name("src");
            meta.dst6 : exact @name("dst");
            meta.proto : exact @name("proto");
            meta.sport : exact @name("sport");
            meta.dport : exact @name("dport");
        }
        actions = {
            set_connection;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = connection6_hits;
        size = SIZE_CONNECTION;
        support_timeout = true;
    }

    apply {
        if (meta.class & CLASS_FAMILY != CLASS_IPV6) {
            connection4.apply();
        } else {
            connection6.apply();
        }
    }
}

control ConnectionEdit(inout metadata_t meta) {
    @name(".finish4") action finish4(@name("out") bit<16> out_, bit<24> loop, bit<8> edits, bit<48> eth_src, bit<48> eth_dst, bit<4> ttl_dec,
            bit<6> dscp, @name("meter") bit<16> meter_, bit<16> meter2, bit<32> src, bit<32> dst, bit<16> l4_src, bit<16> l4_dst, bit<4> rewrite) {
        apply_edits(meta, edits, eth_src, eth_dst, ttl_dec, dscp, meter_, meter2);
        meta.src4 = (rewrite & REWRITE_SRC) != 0 ? src : meta.src4;
        meta.dst4 = (rewrite & REWRITE_DST) != 0 ? dst : meta.dst4;
        meta.sport = (rewrite & REWRITE_L4_SRC) != 0 ? l4_src : meta.sport;
        meta.dport = (rewrite & REWRITE_L4_DST) != 0 ? l4_dst : meta.dport;
        send(meta, out_, loop);
    }

    @name(".finish6") action finish6(@name("out") bit<16> out_, bit<24> loop, bit<8> edits, bit<48> eth_src, bit<48> eth_dst, bit<4> ttl_dec,
            bit<6> dscp, @name("meter") bit<16> meter_, bit<16> meter2, bit<128> src, bit<128> dst, bit<16> l4_src, bit<16> l4_dst, bit<4> rewrite) {
        apply_edits(meta, edits, eth_src, eth_dst, ttl_dec, dscp, meter_, meter2);
        meta.src6 = (rewrite & REWRITE_SRC) != 0 ? src : meta.src6;
        meta.dst6 = (rewrite & REWRITE_DST) != 0 ? dst : meta.dst6;
        meta.sport = (rewrite & REWRITE_L4_SRC) != 0 ? l4_src : meta.sport;
        meta.dport = (rewrite & REWRITE_L4_DST) != 0 ? l4_dst : meta.dport;
        send(meta, out_, loop);
    }

    @name(".connection_edit_hits") direct_counter(CounterType.packets_and_bytes) connection_edit_hits;
    @name(".connection_edit") table connection_edit {
        key = {
            meta.connection : exact @name("index");
            meta.state : exact @name("state");
            meta.eth_dst : exact @name("eth_dst");
        }
        actions = {
            finish4; finish6;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = connection_edit_hits;
        size = SIZE_CONNECTION;
        support_timeout = true;
    }

    // The kernel has to see what opens and closes a connection, and calls TCP without ACK invalid. Number 0 is no connection.
    apply {
        if (meta.proto == PROTO_TCP && (meta.tcp_flags & TCP_FIN_SYN_RST_ACK) != TCP_ACK) {
            meta.reason = REASON_CONNECTION_LIFECYCLE;
        } else if (meta.connection != 0) {
            connection_edit.apply();
        }
    }
}
