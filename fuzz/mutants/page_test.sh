#!/usr/bin/env bash
# page_test.sh MUTANTS: what the program makes of results, and its exit codes.
set -euo pipefail
mutants=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# expect CODE TEXT FILE...: the page of FILEs ends with CODE and has TEXT.
expect() {
  local code=$1 text=$2 got=0
  shift 2
  "$mutants" --page "$@" >"$work/out" 2>&1 || got=$?
  [ $got = "$code" ] && grep -qF -- "$text" "$work/out" && return
  echo "expected exit code $code and '$text', got $got:" >&2
  cat "$work/out" >&2
  exit 1
}

# result MUTANT BUILD FINDER WHAT EXECUTIONS SECONDS
result() {
  printf '{"mutant":"%s","build":"%s","finder":"%s","what":"%s","executions":%d,"seconds":%d}\n' "$@"
}

result insert-null release lockstep result 14 1 >"$work/found"
result insert-null release '' '' 0 9 >"$work/missed"
result insert-null asan stress fault 7 61 >"$work/late"
result iterate-calls-stubs release '' '' 0 9 >"$work/harmless"
result iterate-calls-stubs asan lockstep fault 3 1 >"$work/wrong"
result hit-relaxed release '' '' 0 9 >"$work/elsewhere"
result no-such-mutant release '' '' 0 9 >"$work/unknown"
echo no json >"$work/broken"

expect 0 '| lockstep: result, 14 |  |' "$work/found"
expect 1 '| **missed** |' "$work/missed"
expect 1 '1 mutants: 0 found (0.0 % of the 1 that are not harmless; 0 of them after more than a minute), 0 harmless, 0 not found, with a reason, 1 missed: insert-null' "$work/missed"
expect 0 '1 mutants: 1 found (100.0 % of the 1 that are not harmless; 1 of them after more than a minute)' "$work/missed" "$work/late"
expect 0 '|  | stress: fault, 7 |  |' "$work/missed" "$work/late"
expect 0 '| harmless: a stub does nothing |' "$work/harmless"
expect 1 'found, though said to be harmless: iterate-calls-stubs' "$work/harmless" "$work/wrong"
expect 0 '| only tsan can find it |' "$work/elsewhere"
expect 2 'there is no mutant no-such-mutant' "$work/unknown"
expect 2 'broken:1: expected a result of --json' "$work/broken"
expect 2 'nowhere: expected a file that can be read' "$work/nowhere"

# usage CODE ARGUMENT...
usage() {
  local code=$1 got=0
  shift
  "$mutants" "$@" >/dev/null 2>&1 || got=$?
  [ $got = "$code" ] || { echo "expected exit code $code of: $*; got $got" >&2; exit 1; }
}
usage 0 --help
usage 0 --list
usage 2 --no-such-option
usage 2 no-such-mutant

# What other builds have found is left out.
"$mutants" insert-null --except "$work/found" | grep -qF "0 mutants: 0 found"
got=0
"$mutants" insert-null --except "$work/nothing-there" 2>"$work/out" || got=$?
[ $got = 2 ] && grep -qF "nothing-there: expected a file that can be read" "$work/out"
