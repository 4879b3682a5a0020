#!/usr/bin/env bash
# sanitized_test.sh REPRO SANITIZER: in the build of a sanitizer, what ends in its report has an exit code of its own, and is
# minimised to what ends in the same; a violation is minimised as ever.
set -uo pipefail
repro=$1
case "$2" in
  address) kind=heap-use-after-free ;;
  thread) kind=data-race ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/sequence" <<'SEQUENCE'
tpfuzz 1
probe a func=0 data=0 prio=10
probe b func=1 data=1 prio=20
probe c func=2 data=2 prio=30
w0 register a
w0 register b
r0 hit park@iterating 3
w0 unregister a
w0 register c
w0 unregister b
r1 hit
SEQUENCE

fail() {
  echo "FAILED: $1"
  cat "$work/log"
  exit 1
}

"$repro" run --protocol freed-at-once "$work/sequence" >"$work/log" 2>&1
[ $? = 66 ] || fail "expected exit code 66"
grep -q 'Sanitizer: ' "$work/log" || fail "no report"
! grep -q '^tpfuzz: ' "$work/log" || fail "a verdict beside a report"

line="tpfuzz: REPORT sanitizer=$2 kind=$kind protocol=freed-at-once"
"$repro" minimize --protocol freed-at-once "$work/sequence" -o "$work/minimal" >"$work/out" 2>"$work/log" || fail "not minimised"
[ "$(cat "$work/out")" = "$line" ] || fail "expected '$line', found '$(cat "$work/out")'"
grep -q '^minimize: operations 7 -> [1-5], ' "$work/log" || fail "no simpler"
"$repro" run --protocol freed-at-once "$work/minimal" >"$work/log" 2>&1
[ $? = 66 ] || fail "what was written ends in no report"

"$repro" run "$work/sequence" >"$work/log" 2>&1 || fail "a report under a protocol that is right"
"$repro" minimize "$work/sequence" -o "$work/none" >"$work/log" 2>&1
[ $? = 2 ] || fail "expected exit code 2"
grep -q ': expected a violation under cookies' "$work/log" || fail "another reason"
"$repro" minimize --protocol lowest-dropped "$work/sequence" -o "$work/minimal" >"$work/log" 2>&1
grep -q '^tpfuzz: VIOLATION invariant=' "$work/log" || fail "a violation is not minimised"
