# Sourced by fuzz.sh: AFL++ as the engine. The target is the same; AFL++'s driver runs it in persistent mode, and knows no
# custom mutator: the inputs are changed as bytes, with a dictionary of what sequences are made of.
#
# A log is libFuzzer's in what fuzz.sh reads of it: what the target said of a finding, `Test unit written to FILE`, and
# `stat::number_of_executed_units: N`.

quoted() { # WORD: as a shell takes it
  if [[ $1 =~ ^[A-Za-z0-9/._-]+$ ]]; then echo "$1"; else echo "${1@Q}"; fi
}

# What the target said about a violation, or else what a sanitizer did.
told() { # LOG
  if grep -q '^tpfuzz: VIOLATION' "$1"; then
    sed -n '/^tpfuzz: VIOLATION/,/^DEDUP_TOKEN:/p' "$1"
  else
    sed -n '/ERROR: \|runtime error: /,$p' "$1" | sed '/^tpfuzz: the sequence:$/,$d' | head -n 60
    sed -n '/^tpfuzz: the sequence:$/,/^artifact_prefix=/{/^artifact_prefix=/!p}' "$1"
  fi
}

# Takes the flags for AFL++ out of what the user gave, and fills DIRECTORY with the inputs to start from: one record
# without an operation, as there has to be one, and the sequences of the corpora, in the binary form, whose every byte can
# be changed.
afl_prepare() { # DIRECTORY FLAG_OR_CORPUS...
  local to=$1 given file first n=0
  shift
  afl_flags=()
  head -c 8 /dev/zero >"$to/nothing"
  for given; do
    [[ $given != -* ]] || { afl_flags+=("$given") && continue; }
    while IFS= read -r -d '' file; do
      # Text begins with its header, after comments and blank lines.
      first=$(LC_ALL=C grep -am 1 -vE $'^(\xef\xbb\xbf)?[[:space:]]*(#.*)?$' "$file" | tr -d '\0') || first=
      if [[ $first =~ ^[^[:alnum:]]*tpfuzz[[:space:]] ]]; then
        "$repro" convert "$file" -o "$work/seed" || exit 2
        file=$work/seed
      fi
      afl_input "$file" >"$to/seed-$n"
      # Begins so what declares faultable readers (fuzz/sequence/binary.h): a file is run all the same, an input is not.
      [ "$readers" = both ] || [[ $(od -An -tx1 -N1 "$to/seed-$n") != *0e ]] || { rm "$to/seed-$n" && continue; }
      n=$((n + 1))
    done < <(find "$given" -type f -print0)
  done
  "$(dirname "$fuzzer")/dictionary" >"$work/dictionary"
}

# FILE without the record of what it was found under (fuzz/sequence/input.h), which would be changed in vain.
afl_input() { # FILE
  local trailer
  trailer=$(LC_ALL=C grep -abom 1 '^# tpfuzz: found under$' "$1" | cut -d : -f 1) || trailer=
  if [ -n "$trailer" ]; then head -c $((trailer - 3)) "$1"; else cat "$1"; fi
}

# Keeps an input that the target died of, as libFuzzer and ours would, with that record.
afl_keep() { # LOG KIND INPUT
  local artifact
  artifact=$findings/$2-$(sha1sum <"$3" | cut -d ' ' -f 1)
  { cat "$3" && printf '\xbf\0\n# tpfuzz: found under\n' && cat "$work/subject"; } >"$artifact" && echo "Test unit written to $artifact" >>"$1"
}

# Runs one input as its replay does.
afl_replay() { # LOG TARGET... INPUT
  local log=$1
  shift
  (timeout -s KILL "$afl_timeout" "$@" || exit 1) >>"$log" 2>&1
}

# Every five seconds what AFL++ has done, in our words: as of its newest input, whose name tells, or of its statistics, which
# it writes once a minute.
afl_progress() { # OUT BEGIN EXECUTIONS_BEFORE
  local corpus newest ms execs run_time execs_done
  while sleep 5; do
    corpus=("$1/default/queue"/id:*)
    newest=${corpus[-1]}
    [[ $newest =~ time:([0-9]+),execs:([0-9]+) ]] || continue
    ms=${BASH_REMATCH[1]} execs=${BASH_REMATCH[2]}
    run_time=$(sed -n 's/^run_time *: //p' "$1/default/fuzzer_stats")
    execs_done=$(sed -n 's/^execs_done *: //p' "$1/default/fuzzer_stats")
    [ "${execs_done:-0}" -le "$execs" ] || ms=${run_time}000 execs=$execs_done
    echo "tpfuzz: $(($(date +%s) - $2)) s  execs=$(($3 + execs))  execs_per_s=$((execs * 1000 / (ms + 1)))  corpus=${#corpus[@]}"
  done
}

# Fuzzes from the inputs in CORPUS until the first finding, or for SECONDS; what is new goes to CORPUS. A finding's input
# goes to the findings. Returns other than 0 if something was found, or could not be run: LOG says what.
run_afl() { # LOG CORPUS SECONDS BEGIN EXECUTIONS_BEFORE TARGET...
  local log=$1 corpus=$2 seconds=$3 begin=$4 before=$5 out=$work/afl input status=0 ticker afl_timeout
  shift 5
  afl_timeout=$(sed -n 's/^timeout=//p' fuzz/target/limits)
  for input in "$corpus"/*; do # AFL++ would pass over a seed that crashes
    afl_replay "$log" "$@" "$input" && continue
    # What looks like a text without a header is refused as a file, but is an input like others to AFL++.
    grep -q '^DEDUP_TOKEN: \|ERROR: \|runtime error: ' "$log" || continue
    afl_keep "$log" crash "$input"
    return 1
  done
  rm -rf "$out"
  afl_progress "$out" "$begin" "$before" &
  ticker=$!
  AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_BENCH_UNTIL_CRASH=1 \
    afl-fuzz -V "$seconds" -i "$corpus" -o "$out" -x "$work/dictionary" -G "$(sed -n 's/^max_len=//p' fuzz/target/limits)" \
    -t "${afl_timeout}000" "${afl_flags[@]}" -- "$@" >"$log.afl" 2>&1 || status=$?
  kill "$ticker" && wait "$ticker" 2>/dev/null
  [ -f "$out/default/fuzzer_stats" ] || { tail -n 20 "$log.afl" >>"$log" && return 2; }
  sed -n 's/^execs_done *: /stat::number_of_executed_units: /p' "$out/default/fuzzer_stats" >>"$log"
  rm -rf "$corpus" && mv "$out/default/queue" "$corpus" && rm -rf "$corpus/.state"
  for input in "$out/default/crashes"/id:* "$out/default/hangs"/id:*; do
    [ -f "$input" ] || continue
    if [[ $input = */hangs/* ]]; then
      echo "ERROR: an input takes longer than $afl_timeout s" >>"$log"
      afl_keep "$log" timeout "$input"
    else
      afl_replay "$log" "$@" "$input" && echo "ERROR: AFL++ saw a crash that does not come again" >>"$log"
      afl_keep "$log" crash "$input"
    fi
    return 1
  done
  return "$status"
}

# Fuzzes for the time given, past each distinct finding, and ends with fuzz.sh's last line. Exits as fuzz.sh does.
afl_main() {
  local run left log status artifact token elapsed begin end execs=0 artifacts=() options=()
  fuzzer=build/$preset/bin/registration_fuzzer repro=build/release/bin/repro
  work=$(mktemp -d) || exit 2
  trap 'rm -rf "$work"' EXIT
  "$repro" protocols "$protocol" >/dev/null 2>&1 || protocol=${protocol_file:-$protocol} # a built-in name comes first
  "$repro" protocols --subject "$protocol" >"$work/subject" || exit 2
  subject=$(sed -n '1s/^subject //p' "$work/subject")
  [ "$(wc -l <"$work/subject")" -gt 1 ] || protocol=$subject
  mkdir -p "$work/corpus" "$findings" 2>/dev/null || refuse "$findings can't be made"
  afl_prepare "$work/corpus" "${given_flags[@]}" "${given_corpora[@]}"
  options+=(--readers "$readers")
  for token in "${given_tokens[@]}"; do options+=(--ignore "$token"); done
  echo "tpfuzz: fuzzing protocol=$subject engine=afl sanitizer=$sanitizer seconds=$seconds"
  begin=$(date +%s)
  end=$((begin + seconds))
  for ((run = 0; (left = end - $(date +%s)) > 0; ++run)); do
    log=$work/log.$run
    status=0
    run_afl "$log" "$work/corpus" "$left" "$begin" "$execs" "$fuzzer" --protocol "$protocol" "${options[@]}" || status=$?
    execs=$((execs + $(awk '/^stat::number_of_executed_units:/ {n += $2} END {print n + 0}' "$log")))
    artifact=$(sed -n 's/^Test unit written to //p' "$log" | head -n 1)
    if [ -z "$artifact" ]; then
      [ "$status" = 0 ] && break
      tail -n 5 "$log" >&2
      exit 2
    fi
    artifacts+=("$artifact")
    told "$log"
    token=$(sed -n 's/^DEDUP_TOKEN: //p' "$log" | head -n 1)
    if [ -z "$token" ]; then # a sanitizer's finding: it would be found again and again
      echo "replay: $(quoted "$fuzzer") --protocol $(quoted "$protocol") $(quoted "$artifact")"
      break
    fi
    echo "replay: $(quoted "$repro") run $(quoted "$artifact")"
    echo
    options+=(--ignore "$token")
  done
  elapsed=$(($(date +%s) - begin))
  echo "tpfuzz: protocol=$subject sanitizer=$sanitizer execs=$execs execs_per_s=$((execs / (elapsed > 0 ? elapsed : 1))) findings=${#artifacts[@]} artifact=${artifacts[0]:-none}"
  exit $((${#artifacts[@]} > 0))
}
