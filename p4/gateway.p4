// The GatewayOS pipeline for v1model. p4/README.md is its contract with the compiler; read it first.
//
//   parser -> verify -> [ Classify -> Entry -> ClassBits -> stages -> ConnectionEdit -> Output ] -> replicate -> [ Rewrite -> Framing ]
//             checksums   ingress: decides everything, touches no header                            egress: only after `forward`

#include <core.p4>
#include <v1model.p4>

#include "ids.p4"
#include "sizes.p4"
#include "headers.p4"
#include "parser.p4"
#include "checksums.p4"
#include "stages/actions.p4"
#include "stages/classify.p4"
#include "stages/entry.p4"
#include "stages/lookup.p4"
#include "stages/connection.p4"
#include "stages/output.p4"
#include "stages/rewrite.p4"
#include "stages/framing.p4"

control GatewayIngress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    @name(".punts") counter(SIZE_PUNTS, CounterType.packets_and_bytes) punts;
    @name(".verdicts") counter(SIZE_VERDICTS, CounterType.packets_and_bytes) verdicts;

    Classify() classify;
    Entry() entry;
    ClassBits() class_bits;
    Guard() guard;
    L2() l2;
    Special() special;
    Turn() turn_special;
    Connection() connection;
    Route() route;
    Policy() policy;
    Turn() turn_policy;
    Transit() transit;
    Turn() turn_transit;
    Select() select_stage;
    Neighbor() neighbor;
    L2To() l2_to;
    AclTo() acl_to;
    ConnectionEdit() connection_edit;
    Output() output;

    apply {
        if (std.ingress_port & EXCEPTION_BIT != 0) {
            std.egress_spec = std.ingress_port ^ EXCEPTION_BIT;
        } else {
            classify.apply(hdr, meta, std);
            if (meta.class != CLASS_SOFTWARE) {
                entry.apply(hdr, meta, std);
            }

            // Entered: a missing entry is now the reason.
            if (meta.class != CLASS_SOFTWARE && meta.reason == REASON_NO_ENTRY) {
                class_bits.apply(meta);

                // By the packet that came in, whatever the stages make of its addresses.
                if (meta.trackable == 1 && (meta.proto != PROTO_TCP || meta.tcp_flags & TCP_FIN_SYN_RST_ACK == TCP_ACK)) {
                    connection.apply(meta);
                }
                guard.apply(meta);
                if (meta.verdict == VERDICT_NONE) { l2.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { special.apply(meta); turn_special.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { route.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { policy.apply(meta); turn_policy.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { transit.apply(meta); turn_transit.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { select_stage.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { neighbor.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { l2_to.apply(meta); }
                if (meta.verdict == VERDICT_NONE) { acl_to.apply(meta); }
                if (meta.verdict == VERDICT_TRACK) { connection_edit.apply(meta); }
                if (meta.verdict == VERDICT_FORWARD) { output.apply(meta); }
            }

            if (meta.verdict == VERDICT_FORWARD) {
                std.egress_spec = meta.port;
                std.mcast_grp = meta.mcast_group;
            } else if (meta.verdict == VERDICT_DROP) {
                mark_to_drop(std);
            } else {
                meta.verdict = VERDICT_NONE;
                std.egress_spec = std.ingress_port ^ EXCEPTION_BIT;
                punts.count((bit<32>)meta.reason);
            }
            verdicts.count((bit<32>)(std.ingress_port ++ meta.verdict[1:0]));
        }
    }
}

control GatewayEgress(inout headers_t hdr, inout metadata_t meta, inout standard_metadata_t std) {
    Rewrite() rewrite;
    Framing() framing;

    apply {
        if (meta.verdict == VERDICT_FORWARD) {
            if (std.egress_rid != 0) {
                meta.output = std.egress_rid;
            }
            rewrite.apply(hdr, meta);
            framing.apply(hdr, meta, std);
        }
    }
}

V1Switch(GatewayParser(), VerifyChecksums(), GatewayIngress(), GatewayEgress(), ComputeChecksums(), GatewayDeparser()) main;
