#!/usr/bin/env bash
# instrumented_test.sh TARGET: libFuzzer counts in the core, and not in the harness around it (uncovered.txt). TARGET is of a build
# with AddressSanitizer, which has the names of functions.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" -runs=50 -seed=1 -print_coverage=1 >"$work/log" 2>&1
grep -oE '^(UN)?COVERED_FUNC: .*' "$work/log" >"$work/functions" || true
fail() {
  head -n 20 "$work/functions"
  echo "instrumented_test.sh: $1"
  exit 1
}
grep -qE ' tpfuzz::internal::Registry<.*>::insert\(' "$work/functions" || fail "expected counters in the registry of the core"
! grep -E ' (non-virtual thunk to )?tpfuzz::(RegistrySubject<|HostEnv::|Oracle::|ScheduledEngine::)' "$work/functions" ||
  fail "expected no counters in the harness"
