# Sourced by fuzz.sh: the first run on a protocol, whose target is linked long before repro is. The target fuzzes until repro is
# there, or until it finds something.
#
# What it leaves is a session's: the corpus and the progress in the session's directory, a finding in the findings. There
# `first-SANITIZER/` has what it printed, and the inputs that ran before the finding: `repro session` takes both in
# (repro/session/first.h).

# Whether nothing is there that the target would have to know. Its name is then that of the session's directory.
is_first_run() { # PRESET
  [ ! -e "build/$1/bin/repro" ] && [ ! -e "$findings/$protocol" ] &&
    [ -z "$kernel$protocol_file$merges" ] && [ ${#given_flags[@]} -eq 0 ]
}

# Builds repro, and fuzzes meanwhile. Whatever ends this script ends both.
build_and_fuzz() { # PRESET
  local target=build/$1/bin/registration_fuzzer state=$findings/$protocol its_corpus first why token
  its_corpus=${corpus:-$state/corpus}
  first=$state/first-$sanitizer
  why=$("$target" --protocol "$protocol" -help=1 2>&1) || { printf '%s\n' "$why" >&2 && exit 2; }
  mkdir -p "$first" "$its_corpus" 2>/dev/null || refuse "$state or $its_corpus can't be made"
  local seed=$((1 + RANDOM * 32768 + RANDOM)) flags=(--protocol "$protocol" --readers "$readers")
  flags+=(--progress "$state/progress" --before "$first/before" -artifact_prefix="$findings/" -seed="$seed")
  for token in "${given_tokens[@]}"; do flags+=(--ignore "$token"); done
  mapfile -t -O "${#flags[@]}" flags < <(sed 's/^/-/' fuzz/target/limits)
  echo "tpfuzz: fuzzing protocol=$protocol sanitizer=$sanitizer seed=$seed until repro is built"
  set -m # each has a group of processes, so that all of a build can be ended
  TSAN_OPTIONS="halt_on_error=1:atexit_sleep_ms=0${TSAN_OPTIONS:+:$TSAN_OPTIONS}" setpriv --pdeathsig KILL -- \
    "$target" "${flags[@]}" "$its_corpus" "${given_corpora[@]}" >"$first/output" 2>&1 </dev/null &
  fuzzer=$!
  build "$1" repro </dev/null &
  builder=$!
  set +m
  trap end_both EXIT
  wait -n "$fuzzer" "$builder" || true
  tell_first "$first/output"
  wait "$builder" || exit
  end_fuzzer "$first/output"
  trap - EXIT
}

end_both() {
  kill -KILL -- -"$fuzzer" 2>/dev/null || true
  kill -TERM -- -"$builder" 2>/dev/null || true
}

# One that has begun to tell a finding ends by itself, and has ten seconds for that.
end_fuzzer() { # OUTPUT
  if grep -qE 'tpfuzz: VIOLATION|ERROR: |WARNING: ThreadSanitizer|runtime error: ' "$1"; then
    timeout 10 tail --pid="$fuzzer" -f /dev/null || true
  fi
  kill -KILL -- -"$fuzzer" 2>/dev/null || true
  wait "$fuzzer" || true
}

# What it has found, if it has: the rest is told when repro is there to explain.
tell_first() { # OUTPUT
  local file token
  file=$(sed -n 's/^.*Test unit written to //p' "$1")
  token=$(sed -n 's/^DEDUP_TOKEN: //p' "$1")
  [ -z "$file" ] || echo "tpfuzz: found: ${token:-a report}  file: $file  more is told when repro is built"
}
