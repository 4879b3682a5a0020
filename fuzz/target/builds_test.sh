#!/usr/bin/env bash
# builds_test.sh FUZZ_SH: fuzz.sh builds what it runs, in which the harness is not judged; it breaks a bad protocol from
# nothing, and the line that it prints replays the finding.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$(dirname "$1")"
fail() {
  cat "$work/log"
  echo "builds_test.sh: $1"
  exit 1
}

status=0
./fuzz.sh --protocol 352384d --seconds 10 --findings "$work/findings" --no-report >"$work/log" 2>&1 || status=$?
[ "$status" = 1 ] || fail "expected exit 1, found $status"
grep -qE '^tpfuzz: protocol=352384d sanitizer=address execs=[1-9][0-9]* .* findings=[1-9]' "$work/log" || fail "expected the last line"
replay=$(sed -n 's/^ *replay: //p' "$work/log" | head -n 1)
[ -n "$replay" ] || fail "expected a line that replays"
status=0
eval "$replay" >"$work/replayed" || status=$?
[ "$status" = 1 ] || fail "expected exit 1 of $replay, found $status"
token=$(sed -n 's/^DEDUP_TOKEN: //p' "$work/replayed")
grep -qF "DEDUP_TOKEN: $token" "$work/log" || fail "replayed '$token', which was not told"
