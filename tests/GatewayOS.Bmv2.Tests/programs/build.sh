#!/bin/sh
# Compiles the programs beside this script. p4c-bm2-ss (1.2.4.0) has to be on PATH or in P4C.
set -eu
cd "$(dirname "$0")"
for source in *.p4; do
    "${P4C:-p4c-bm2-ss}" --std p4-16 -o "${source%.p4}.json" --p4runtime-files "${source%.p4}.p4info.json" "$source"
done
