// Where a forwarded packet leaves. The last stage that may still punt.

control Output(inout metadata_t meta) {
    @name(".meters") meter(SIZE_METERS, MeterType.bytes) meters;

    @name(".unicast") action unicast(bit<9> port, bit<16> max_len) {
        meta.port = port;
        meta.max_len = max_len;
    }

    @name(".group") action group(bit<16> mcast_group, bit<16> max_len) {
        meta.mcast_group = mcast_group;
        meta.max_len = max_len;
    }

    // A drop that is only certain up to a length: larger packets may be answered.
    @name(".discard") action discard(bit<16> max_len) {
        meta.verdict = VERDICT_DROP;
        meta.max_len = max_len;
    }

    @name(".output_hits") direct_counter(CounterType.packets_and_bytes) output_hits;
    @name(".output") table output {
        key = {
            meta.output : exact @name("out");
        }
        actions = {
            unicast; group; discard;
            @defaultonly NoAction;
        }
        const default_action = NoAction;
        counters = output_hits;
        size = SIZE_OUTPUT;
    }

    apply {
        // OVN never sends a packet back to the logical port it came from, unless told to (flags.loopback): then loop is 0.
        if (meta.loop != 0 && meta.loop == meta.in_port) {
            meta.verdict = VERDICT_DROP;
        } else if (meta.ttl_dec >= meta.ttl) {
            meta.verdict = VERDICT_PUNT;
            meta.reason = REASON_TIME_TO_LIVE;
        } else if (!output.apply().hit) {
            meta.verdict = VERDICT_PUNT;
            meta.reason = REASON_NO_OUTPUT;
        } else if (meta.frame_len > meta.max_len) {
            meta.verdict = VERDICT_PUNT;
            meta.reason = REASON_TOO_LARGE;
        }

        // Only what is certain to leave counts: a punted packet is metered by OVS. What the first meter drops, the second never sees.
        if (meta.verdict == VERDICT_FORWARD) {
            if (meta.meter1 != 0) {
                meters.execute_meter((bit<32>)meta.meter1, meta.color);
            }
            if (meta.meter2 != 0 && meta.color != V1MODEL_METER_COLOR_RED) {
                meters.execute_meter((bit<32>)meta.meter2, meta.color);
            }
            if (meta.color == V1MODEL_METER_COLOR_RED) {
                meta.verdict = VERDICT_DROP;
            }
        }
    }
}
