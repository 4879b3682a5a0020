#!/usr/bin/env bash
# regressions.sh BIN OUT: makes OUT/<protocol>/*.seq: for each bad protocol, each distinct violation that BIN/registration_fuzzer
# finds in a number of searches and in the seeds, minimised, with its diagram and its verdict in the comment. `cookies` is bad
# for faultable readers.
set -euo pipefail
bin=$1
out=$2
searches=20
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for protocol in d25e37d 547305a-v1 547305a c8b186a befe6d9 352384d f7ec412 worker-sketch cookies; do
  readers=ordinary
  [ $protocol != cookies ] || readers=both
  mkdir -p "$work/$protocol" "$out/$protocol"
  cp "$here"/../corpus/seeds/*.seq "$work/$protocol"
  [ $readers = both ] || rm "$work/$protocol"/*-faultable.seq
  ignored=()
  for ((seed = 1; seed <= searches; ++seed)); do # each search goes past what the others have found
    "$bin/registration_fuzzer" --protocol "$protocol" --readers $readers "${ignored[@]}" -seed=$seed -runs=20000 -max_len=1024 \
      -artifact_prefix="$work/$protocol/" >"$work/log" 2>&1 && continue
    ignored+=(--ignore "$(sed -n 's/^DEDUP_TOKEN: //p' "$work/log")")
  done
  { "$bin/repro" triage --json --protocol "$protocol" "$work/$protocol" || [ $? = 1 ]; } | grep VIOLATION |
    sed -n 's/.*"witness":"\([^"]*\)".*/\1/p' | while read -r witness; do
    "$bin/repro" witness --protocol "$protocol" "$witness" -o "$work/minimal" >"$work/verdict"
    name=$(sed -n 's/.*invariant=\([^ ]*\) transition=\([^ ]*\) point=\([^ ]*\) .*/\1-\2-\3/; s/->/-to-/p' "$work/verdict")
    mv "$work/minimal" "$out/$protocol/$name.seq"
  done
done
