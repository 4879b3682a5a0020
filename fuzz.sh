#!/usr/bin/env bash
# Fuzzes registration sequences: installs what is missing, builds, runs, and says what it found and how to see it again.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: ./fuzz.sh [--protocol P] [--subject core] [--engine libfuzzer|afl] [--sanitizer address|thread|none] [--seconds N]
                 [--jobs N] [--ignore TOKEN] [-- the engine's flags and corpus directories]

  --protocol P     a shipped protocol (d25e37d c8b186a befe6d9 352384d f7ec412 231264d cookies worker-sketch worker
                   iterator), a puzzle (fuzz/subject/puzzle/PUZZLES.md) or a protocol file; default cookies
  --subject S      what is fuzzed; default core
  --engine E       libfuzzer (the default), or afl: AFL++, one job, without thread
  --sanitizer S    address (with undefined; the default), thread or none
  --seconds N      how long; default 60
  --jobs N         processes that fuzz together; default 1
  --ignore TOKEN   go on past a known violation (the DEDUP_TOKEN of a finding); may be repeated

Starts from nothing; `./fuzz.sh -- corpus/seeds` starts from the seeds. Goes on past each distinct finding until the time
is up. Findings lie in findings/.
Exit codes: 0 nothing found, 1 something found, 2 usage or set-up.
EOF
}

refuse() {
  echo "fuzz.sh: $1; see ./fuzz.sh --help" >&2
  exit 2
}

number() { # OPTION VALUE
  [[ $2 =~ ^[1-9][0-9]*$ ]] || refuse "expected a number after $1, found '$2'"
}

protocol=cookies
engine=libfuzzer
sanitizer=address
seconds=60
jobs=1
ignored=()
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --) shift && break ;;
    --protocol | --subject | --engine | --sanitizer | --seconds | --jobs | --ignore)
      [ $# -ge 2 ] || refuse "expected a value after $1"
      case "$1" in
        --protocol) protocol=$2 ;;
        --subject) [ "$2" = core ] || refuse "expected core after --subject, found '$2'" ;;
        --engine) engine=$2 ;;
        --sanitizer) sanitizer=$2 ;;
        --seconds) number "$1" "$2" && seconds=$2 ;;
        --jobs) number "$1" "$2" && jobs=$2 ;;
        --ignore) ignored+=(--ignore "$2") ;;
      esac
      shift 2
      ;;
    *) refuse "unknown option '$1'" ;;
  esac
done
case "$sanitizer" in
  address) preset=asan ;;
  thread) preset=tsan ;;
  none) preset=release ;;
  *) refuse "expected address, thread or none after --sanitizer, found '$sanitizer'" ;;
esac
case "$engine" in
  libfuzzer) ;;
  afl)
    [ "$jobs" = 1 ] || refuse "expected --jobs 1 with --engine afl"
    case "$sanitizer" in
      address) preset=afl-asan ;;
      none) preset=afl ;;
      *) refuse "expected address or none after --sanitizer with --engine afl, found '$sanitizer'" ;;
    esac
    ;;
  *) refuse "expected libfuzzer or afl after --engine, found '$engine'" ;;
esac
given=("$@")
for i in "${!given[@]}"; do # paths are the caller's
  [[ ${given[i]} == -* ]] && continue
  [ -d "${given[i]}" ] || refuse "expected a corpus directory, found '${given[i]}'"
  given[i]=$(realpath "${given[i]}")
done
here=$(dirname "$(realpath "$0")")
[ -f "$here/core/protocols/$protocol.protocol" ] || [ ! -f "$protocol" ] || protocol=$(realpath "$protocol")

cd "$here"
. ./.ci/install
build "$preset" registration_fuzzer dictionary
build release repro
mkdir -p findings 2>/dev/null || refuse "findings/ can't be made"

work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
mkdir "$work/corpus"
mapfile -t limits <fuzz/target/limits
flags=(-artifact_prefix=findings/ -print_final_stats=1 "${limits[@]/#/-}")
[ "$jobs" = 1 ] || flags+=(-fork="$jobs")
if [ "$engine" = afl ]; then
  . fuzz/target/afl.sh
  afl_prepare "$work/corpus" "${given[@]}"
fi

# libFuzzer's own lines, at most one every five seconds, in our words.
progress() { # LOG BEGIN EXECUTIONS_BEFORE
  awk -v log_file="$1" -v begin="$2" -v before="$3" '
    BEGIN { next_at = systime() + 5 }
    { print > log_file; fflush(log_file) }
    /^#[0-9]+:?[ \t]/ && systime() >= next_at {
      next_at = systime() + 5
      corpus = speed = 0
      for (i = 1; i < NF; ++i) {
        if ($i == "corp:") corpus = $(i + 1)
        if ($i ~ "^exec/s:?$") speed = $(i + 1)
      }
      sub(/\/.*/, "", corpus)
      execs = $1
      gsub(/[#:]/, "", execs)
      printf "tpfuzz: %d s  execs=%s  execs_per_s=%s  corpus=%s\n", systime() - begin, before + execs, speed, corpus
      fflush()
    }'
}

# How many executions a run of the fuzzer made: its statistics, or its last line.
executions() { # LOG
  awk '/^stat::number_of_executed_units:/ {n += $2} /^#[0-9]+/ {last = $1} END {gsub(/[#:]/, "", last); print n ? n : last + 0}' "$1"
}

# What the fuzzer said about a violation, or else what a sanitizer did.
report() { # LOG
  if grep -q '^tpfuzz: VIOLATION' "$1"; then
    sed -n '/^tpfuzz: VIOLATION/,/^DEDUP_TOKEN:/p' "$1"
  else
    sed -n '/ERROR: \|WARNING: ThreadSanitizer\|runtime error: /,$p' "$1" | head -n 60
  fi
}

echo "tpfuzz: fuzzing protocol=$protocol sanitizer=$sanitizer seconds=$seconds jobs=$jobs"
shown=$protocol
[[ $protocol =~ ^[A-Za-z0-9/._-]+$ ]] || shown=${protocol@Q}
artifacts=()
execs=0
begin=$(date +%s)
# Without halt_on_error libFuzzer would save the empty input.
export TSAN_OPTIONS=halt_on_error=1:atexit_sleep_ms=0${TSAN_OPTIONS:+:$TSAN_OPTIONS}
end=$((begin + seconds))
# libFuzzer ends with the first violation. It is reported, and the fuzzing goes on past it.
for ((run = 0; (left = end - $(date +%s)) > 0; ++run)); do
  log=$work/log.$run
  status=0
  target=("build/$preset/bin/registration_fuzzer" --protocol "$protocol" "${ignored[@]}")
  if [ "$engine" = afl ]; then
    run_afl "$log" "$work/corpus" "$left" "$begin" "$execs" "${target[@]}" || status=$?
  else
    "${target[@]}" "${flags[@]}" -max_total_time="$left" "$work/corpus" "${given[@]}" 2>&1 |
      progress "$log" "$begin" "$execs" || status=${PIPESTATUS[0]}
  fi
  execs=$((execs + $(executions "$log")))
  artifact=$(sed -n 's/.*Test unit written to \(.*\/\(crash\|leak\|timeout\|oom\)-.*\)/\1/p' "$log" | head -n 1)
  if [ -z "$artifact" ]; then
    [ "$status" = 0 ] && break
    grep -E '^[^ ]+:[0-9]+: |^tracepoint|ERROR' "$log" >&2 || tail -n 5 "$log" >&2
    exit 2
  fi
  artifacts+=("$artifact")
  report "$log"
  token=$(sed -n 's/^DEDUP_TOKEN: //p' "$log" | head -n 1)
  if [ -z "$token" ]; then # a sanitizer's finding: it would be found again and again
    echo "replay: TSAN_OPTIONS=halt_on_error=1 build/$preset/bin/registration_fuzzer --protocol $shown $artifact"
    break
  fi
  if [ -e "$artifact" ]; then
    echo "replay: build/release/bin/repro run --protocol $shown $artifact"
  else # the disk is full; the sequence stands above
    grep -F "$artifact:0: " "$log" >&2
  fi
  echo
  ignored+=(--ignore "$token")
done

elapsed=$(($(date +%s) - begin))
echo "tpfuzz: protocol=$protocol sanitizer=$sanitizer execs=$execs execs_per_s=$((execs / (elapsed > 0 ? elapsed : 1))) findings=${#artifacts[@]} artifact=${artifacts[0]:-none}"
[ ${#artifacts[@]} -eq 0 ]
