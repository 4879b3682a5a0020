#!/usr/bin/env bash
# races_test.sh REPRO: under ThreadSanitizer each engine reports the puzzles that are data races, and is silent on correct
# protocols: so what it is told (core/annotate.h) is enough, and hides nothing.
set -euo pipefail
repro=$1
mapfile -t correct < <("$repro" protocols --json | sed -n 's/.*"name":"\([^"]*\)".*"status":"correct".*/\1/p')
[ ${#correct[@]} -gt 0 ] || { echo "expected a correct protocol in repro protocols --json" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/sequence" <<'SEQUENCE'
tpfuzz 1
probe a func=0 data=0 prio=10
probe b func=1 data=1 prio=20
w0 register a
r0 hit park@loaded 2
w0 register b
w0 unregister a
r0 hit park@iterating 3
w0 unregister b
w0 sync
SEQUENCE
export TSAN_OPTIONS=halt_on_error=1

failed=0
for engine in lockstep threads stress; do
  repeat=3
  [ "$engine" = stress ] && repeat=3000 # without a schedule a race takes its time
  for pair in relaxed-publish:race freed-at-once:race sync-without-wait:race "${correct[@]/%/:silent}"; do
    protocol=${pair%:*}
    expected=${pair#*:}
    seen=silent
    "$repro" run --engine "$engine" --repeat $repeat --protocol "$protocol" "$work/sequence" >"$work/log" 2>&1 || seen=broken
    grep -q 'WARNING: ThreadSanitizer: data race' "$work/log" && seen=race
    echo "$engine $protocol: $seen"
    [ "$seen" = "$expected" ] || { failed=1 && cat "$work/log"; }
  done
done
exit $failed
