# The processes that fuzz together. Sourced by fuzz.sh.
#
# Each is an ordinary libFuzzer that reads what the others add to the corpus every second (-reload), and counts into one file
# that all map (fuzz/target/progress.h). Not libFuzzer's fork mode: a parent that hands out subsets of the corpus to children of
# a few seconds each, and runs a process that merges whenever one ends; there one finding ends all of them.

jobs_pids=() # by job; empty: it has ended
stopped=     # a signal came

start_job() { # JOB
  local options
  mapfile -t options < <(ignored)
  : >"$work/log.$1" # not that of the one before
  rm -rf "$work/before.$1"
  # They end with this script, whatever ends it.
  setpriv --pdeathsig KILL "$fuzzer" --protocol "$protocol" --progress "$state/progress" --before "$work/before.$1" "${options[@]}" \
    -artifact_prefix="$findings/" "${limits[@]}" "${given_flags[@]}" \
    "$corpus" "${given_corpora[@]}" >"$work/log.$1" 2>&1 9>&- &
  jobs_pids[$1]=$!
}

# A Ctrl-C is for this script, and not for what it asks meanwhile.
executions() (trap '' INT && "$repro" progress --protocol "$protocol" "$state/progress" | sed 's/execs=\([0-9]*\) .*/\1/')
interleavings() (trap '' INT && "$repro" progress --protocol "$protocol" "$state/progress" | sed 's/.*interleavings=//')
inputs() (trap '' INT && find "$corpus" -maxdepth 1 -type f ! -name '*.tmp' | wc -l)

# Tells how far it is, and notes it for the report.
told_at=0 told_execs=0
tell_progress() {
  local now execs met count speed
  now=$(($(date +%s) - begin))
  execs=$(executions) # one a line: between two of a line, bash 5.2 can't read the trap of a signal
  met=$(interleavings)
  count=$(inputs)
  printf '{"run":%d,"seconds":%d,"execs":%d,"corpus":%d,"interleavings":%d,"findings":%d,"sanitizer":"%s","jobs":%d}\n' \
    "$begin" "$now" "$execs" "$count" "${met%/*}" "${#tokens[@]}" "$sanitizer" "$jobs" >>"$state/history.jsonl"
  [ "$now" -gt "$told_at" ] || return 0
  speed=$(((execs - told_execs) / (now - told_at)))
  told_at=$now told_execs=$execs
  echo "tpfuzz: $now s  execs=$((execs - execs_before))  execs_per_s=$speed  corpus=$count  interleavings=$met  findings=${#tokens[@]}"
}

artifact_in() { sed -n 's/.*Test unit written to \(.*\/\(crash\|leak\|timeout\|oom\)-.*\)/\1/p' "$1" | head -n 1; } # LOG

# A fuzzer that has begun to tell a finding ends by itself, when it has saved it; all have ten seconds for that.
await_findings() {
  local job tries=100
  for job in "${!jobs_pids[@]}"; do
    [ -n "${jobs_pids[$job]}" ] || continue
    grep -qE '^tpfuzz: VIOLATION|ERROR: |WARNING: ThreadSanitizer|runtime error: ' "$work/log.$job" || continue
    while [ $((tries--)) -gt 0 ] && kill -0 "${jobs_pids[$job]}" 2>/dev/null; do sleep 0.1 9>&- || true; done
  done
}

# Takes in what those have left that ended while nobody waited for them any more.
take_findings() {
  local job artifact
  for job in "${!jobs_pids[@]}"; do
    artifact=$(artifact_in "$work/log.$job")
    [ -z "${jobs_pids[$job]}" ] || [ -z "$artifact" ] || take_finding "$work/log.$job" "$artifact" "$work/before.$job" || true
  done
}

# At once: what they wrote is whole, and what they counted is there.
stop_jobs() {
  local pid
  for pid in "${jobs_pids[@]}"; do [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || true; done
  for pid in "${jobs_pids[@]}"; do [ -z "$pid" ] || wait "$pid" 2>/dev/null || true; done
}

# A fuzzer ended: with a finding, with its time, or with what its user has to put right. Returns 1 if all have to end.
job_ended() { # JOB STATUS
  local log=$work/log.$1 artifact
  artifact=$(artifact_in "$log")
  jobs_pids[$1]=
  if [ -n "$artifact" ]; then
    take_finding "$log" "$artifact" "$work/before.$1" || return 1
    start_job "$1"
  elif [ "$2" != 0 ] && [ -z "$stopped" ]; then
    stop_jobs
    grep -E '^[^ ]+:[0-9]+: |^tracepoint|ERROR' "$log" >&2 || tail -n 5 "$log" >&2
    exit 2
  fi
}

run_jobs() {
  local job tick= ended status running left
  for ((job = 0; job < jobs; ++job)); do start_job "$job"; done
  while [ -z "$stopped" ]; do
    left=$((end - $(date +%s)))
    [ "$left" -gt 0 ] || break
    running=0
    for ((job = 0; job < jobs; ++job)); do [ -z "${jobs_pids[$job]}" ] || running=1; done
    [ "$running" = 1 ] || break
    minimize_next || true
    if [ -z "$tick" ]; then
      sleep $((left < 5 ? left : 5)) 9>&- &
      tick=$!
    fi
    status=0
    # shellcheck disable=SC2068,SC2086 # those that there are
    wait -n -p ended $tick $minimizer ${jobs_pids[@]} || status=$?
    [ -n "${ended:-}" ] || continue # a signal
    if [ "$ended" = "$tick" ]; then
      tick=
      tell_progress
    elif [ "$ended" = "$minimizer" ]; then
      minimizer=
    else
      for ((job = 0; job < jobs; ++job)); do
        if [ "${jobs_pids[$job]}" = "$ended" ]; then job_ended "$job" "$status" || break 2; fi
      done
    fi
  done
  [ -z "$tick" ] || kill "$tick" 2>/dev/null || true
  await_findings
  stop_jobs
  take_findings
}
