#!/bin/sh
# Fails when derived/ does not belong to the sources: by digest, and by compiling again where the compiler is on PATH.
set -eu
cd "$(dirname "$0")"
if [ "$(./digest.sh)" != "$(cat derived/gateway.digest)" ]; then
    echo "p4/derived is older than the sources: run p4/build.sh" >&2
    exit 1
fi
if ! command -v p4c-bm2-ss > /dev/null; then
    echo "p4/derived has the digest of the sources (p4c-bm2-ss is not on PATH, so nothing was compiled)"
    exit 0
fi
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
./build.sh "$fresh"
diff -r derived "$fresh"
echo "p4/derived is what the sources compile to"
