#!/usr/bin/env bash
# afl_test.sh FUZZ_SH: AFL++ breaks a bad protocol from nothing, and what it saved gives, when replayed, what was printed;
# of a correct one it finds nothing, from the seeds; and seeds that violate are findings.
set -euo pipefail
command -v afl-fuzz >/dev/null || { echo "skipped: apt-get install afl++" && exit 77; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cd "$(dirname "$1")"
fail() {
  cat "$log"
  echo "afl_test.sh: $1"
  exit 1
}
fuzz() { # STATUS ARGUMENT...
  local expected=$1 status=0
  shift
  ./fuzz.sh --engine afl --sanitizer none "$@" >"$log" 2>&1 || status=$?
  [ "$status" = "$expected" ] || fail "expected exit $expected, found $status"
}
replays() { # every replay line gives the verdict printed above it
  local verdict="" line found n=0
  while IFS= read -r line; do
    case "$line" in
      "tpfuzz: VIOLATION"*) verdict=$line ;;
      "replay: "*)
        found=$(eval "${line#replay: }" | grep '^tpfuzz: VIOLATION') && fail "clean when replayed: $line"
        [ "$found" = "$verdict" ] || fail "replayed '$found', printed '$verdict'"
        n=$((n + 1))
        ;;
    esac
  done <"$log"
  [ "$n" -gt 0 ] || fail "expected a finding"
}

fuzz 1 --protocol d25e37d --seconds 10
replays
grep -qE '^tpfuzz: protocol=d25e37d sanitizer=none execs=[1-9][0-9]* .* findings=[1-9]' "$log" || fail "expected the last line"
fuzz 0 --protocol cookies --seconds 10 -- corpus/seeds
grep -qE '^tpfuzz: protocol=cookies sanitizer=none execs=[1-9][0-9]* .* findings=0 artifact=none$' "$log" || fail "expected the last line"
fuzz 1 --protocol d25e37d --seconds 1 -- corpus/seeds
replays
