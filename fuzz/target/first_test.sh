#!/usr/bin/env bash
# first_test.sh FUZZ_SH BUILD SANITIZER: the first run on a protocol (first.sh), with the target of BUILD. In place of a build
# there is what ends it. The session that follows is fuzz.sh's.
set -uo pipefail
fuzz=$1
build=$2
sanitizer=$3
project=$(dirname "$fuzz")
work=$(mktemp -d "${TMPDIR:-/tmp}/a first run.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/build/preset/bin"
ln -s "$project/fuzz" "$work/fuzz"
ln -s "$build/bin/registration_fuzzer" "$work/build/preset/bin"

fail() {
  echo "FAILED: $1"
  [ ! -e "$work/log" ] || tail -n 60 "$work/log"
  exit 1
}
expect() { grep -qE "$1" "$work/log" || fail "expected in the output: $1"; } # PATTERN
expect_none_runs() {
  local i
  for ((i = 0; i < 100; ++i)); do pgrep -r D,R,S,T -f "$work/findings" >/dev/null || return 0; sleep 0.1; done
  fail "still runs: $(pgrep -r D,R,S,T -a -f "$work/findings")"
}

# As fuzz.sh does it, with COMMAND for the build of repro.
cat >"$work/first" <<'FIRST'
set -euo pipefail
protocol=$1 command=$2 work=$3 sanitizer=$4
findings=$work/findings kernel= protocol_file= merges= corpus= readers=ordinary
given_flags=() given_tokens=() given_corpora=()
refuse() { echo "$1" && exit 2; }
build() { eval "$command"; }
cd "$work"
. fuzz/target/first.sh
is_first_run preset || exit 3
build_and_fuzz preset
! kill -0 "$fuzzer" 2>/dev/null || { echo "the fuzzer still runs" && exit 4; } # it would run beside the session
echo built
FIRST
first() { bash "$work/first" "$1" "$2" "$work" "$sanitizer" >"$work/log" 2>&1; } # PROTOCOL COMMAND
session() { "$fuzz" --build "$build" --findings "$work/findings" --no-report "$@" >"$work/log" 2>&1; }

# What is found is told before repro is there, and told in full when it is.
first d25e37d "until grep -q '^tpfuzz: found: ' '$work/log'; do sleep 0.1; done" || fail "expected exit code 0"
expect '^tpfuzz: fuzzing protocol=d25e37d sanitizer=[a-z]+ seed=[1-9][0-9]* until repro is built$'
expect '^built$'
[[ $(<"$work/log") =~ found:\ ([a-z]+-[^ ]+)\ \ file:\ (.*crash-[0-9a-f]{40})\ \ more\  ]] || fail "expected a finding"
token=${BASH_REMATCH[1]} file=${BASH_REMATCH[2]}
expect_none_runs
session --protocol d25e37d -- -runs=10
[ $? = 1 ] || fail "expected exit code 1"
expect "^DEDUP_TOKEN: $token\$"
expect "^replay: .*/repro run '?$file'?\$"
expect '^tpfuzz: goes on behind [1-9][0-9]* executions, with [0-9]+ inputs and 1 findings$'
grep -qF "\"token\":\"$token\"" "$work/findings/d25e37d/findings.jsonl" || fail "$token is lost"
[ ! -e "$work/findings/d25e37d/first-$sanitizer" ] || fail "it would be taken in again"
session --protocol d25e37d -- -runs=10
expect "^tpfuzz: known: $token "
first d25e37d :
[ $? = 3 ] || fail "a second run is no first one"

# What finds nothing goes on until then; the session has its inputs.
first cookies "until [ -n \"\$(ls findings/cookies/corpus)\" ]; do sleep 0.1; done" || fail "expected exit code 0"
expect '^built$'
! grep -q 'found' "$work/log" || fail "cookies is correct"
expect_none_runs
session -- -runs=10 || fail "expected exit code 0"
expect '^tpfuzz: goes on behind [1-9][0-9]* executions, with [1-9][0-9]* inputs and 0 findings$'
[ ! -e "$work/findings/cookies/first-$sanitizer" ] || fail "it would be taken in again"

# Nothing is left of what is none, and nothing runs after a build that failed, a Ctrl-C or a kill.
first nosuch :
[ $? = 2 ] || fail "expected exit code 2"
expect '^nosuch: expected the name of a protocol or a puzzle '
[ ! -e "$work/findings/nosuch" ] || fail "nosuch left something"
first 231264d "exit 2"
[ $? = 2 ] || fail "expected exit code 2 of a build that failed"
! grep -q '^built$' "$work/log" || fail "it went on after a build that failed"
expect_none_runs
for signal in INT TERM KILL; do
  rm -rf "$work/findings/worker"
  setsid env --default-signal=INT bash "$work/first" worker "exec -a '$work/findings of a build' sleep 6000" "$work" "$sanitizer" \
    >"$work/log" 2>&1 &
  until pgrep -f "^$work/findings of" >/dev/null && [ -s "$work/findings/worker/first-$sanitizer/output" ]; do sleep 0.1; done
  kill -"$signal" $!
  wait $! 2>/dev/null
  [ "$signal" != KILL ] || pkill -f "^$work/findings of" # a build would end by itself
  expect_none_runs
done
