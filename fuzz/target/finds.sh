#!/usr/bin/env bash
# finds.sh FUZZER PROTOCOL REPRO: from an empty corpus, within a budget of executions, the fuzzer breaks the protocol, and
# what it saved gives the verdict that it printed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if "$1" --protocol "$2" -runs=200000 -seed=1 -artifact_prefix="$work/" >"$work/log" 2>&1; then
  echo "no finding in 200000 executions"
  exit 1
fi
found=$(grep '^tpfuzz: VIOLATION' "$work/log") || { tail -n 40 "$work/log"; exit 1; }
grep -q '^DEDUP_TOKEN: ' "$work/log"
"$3" run --protocol "$2" "$work"/crash-* >"$work/replayed" && { echo "clean when replayed"; exit 1; }
replayed=$(grep '^tpfuzz: VIOLATION' "$work/replayed")
echo "found    $found"
echo "replayed $replayed"
[ "$found" = "$replayed" ]
