#!/bin/bash -eu
# Makes the image of the cluster's builder ready: the Dockerfiles run it with the project in $SRC/tpfuzz.
apt-get update
apt-get install -y --no-install-recommends ninja-build liburcu-dev libboost-context-dev libboost-dev libfmt-dev libxxhash-dev robin-map-dev
cp "$SRC/tpfuzz/fuzz/cluster/build.sh" "$SRC/"
