#!/bin/sh
# Prints the digest of the P4 sources; the pipeline's cookie begins with it.
set -eu
cd "$(dirname "$0")"
find . -name '*.p4' ! -path './derived/*' | LC_ALL=C sort | xargs cat | sha256sum | cut -d' ' -f1
