#!/bin/sh
# Compiles gateway.p4 for v1model into derived/ (or the directory given), with P4Info and a digest of the sources.
# Needs p4c-bm2-ss and python3; users of the committed files do not.
set -eu
cd "$(dirname "$0")"
out=${1:-derived}
mkdir -p "$out"
p4c-bm2-ss --arch v1model --std p4-16 --Werror --Wdisable=unsupported -o "$out/gateway.bmv2.json" --p4runtime-files "$out/gateway.p4info.json" gateway.p4
# Source positions would carry the paths of the machine that compiled, and are half of the text.
python3 - "$out/gateway.bmv2.json" <<'END'
import json, sys

def bare(node):
    if isinstance(node, dict):
        return {key: bare(value) for key, value in node.items() if key != "source_info"}
    return [bare(item) for item in node] if isinstance(node, list) else node

with open(sys.argv[1]) as file:
    program = bare(json.load(file))
program["program"] = "gateway.p4"
with open(sys.argv[1], "w") as file:
    json.dump(program, file, indent=0)
    file.write("\n")
END
./digest.sh > "$out/gateway.digest"
