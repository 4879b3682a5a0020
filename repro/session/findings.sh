# What was found on a protocol: findings.jsonl, and a minimised sequence of each (repro/session/directory.h). Sourced by fuzz.sh.
#
# A finding is on the disk before it is told: the target has written its file, then comes the line of findings.jsonl, in one
# write, then the user reads it. The sequence is minimised meanwhile; if that is cut short, the next start does it.
#
# Before it is told it is replayed in a fresh process. What is clean there depends on inputs that ran before it: the last ones
# are tried before it, those that matter stay in FILE.before, in their order, and it stays a finding in every later run.

tokens=()         # of what is known, in order
declare -A files  # by token: as it was found
to_minimize=()    # tokens
minimizer=        # its process

sequence_of() { echo "$findings/$name-${1//->/-to-}.seq"; } # TOKEN

escaped() { # TEXT: for a string of JSON
  local text=${1//\\/\\\\}
  printf %s "${text//\"/\\\"}"
}

# What replays the finding TOKEN, as the user types it. What an older version has found does not say what it was found under.
replay() { # TOKEN FILE
  local options=() word line under=
  LC_ALL=C grep -aqs '^subject ' "$2" || under="--protocol $(quoted "$protocol") "
  if [ -d "$2.before" ]; then # the other findings must not end it
    line="$(quoted "$fuzzer") --protocol $(quoted "$protocol")"
    mapfile -t options < <(ignored "$1")
    for word in "${options[@]}"; do line+=" $(quoted "$word")"; done
    line+=" $(quoted "$2").before/* $(quoted "$2")"
  else
    case "$1" in
      address-* | thread-* | none-*) line="$(quoted "$fuzzer") --protocol $(quoted "$protocol") $(quoted "$2")" ;;
      *) line="$(quoted "$repro") run $under$(quoted "$2")" ;;
    esac
  fi
  echo "$line"
}

remember() { # TOKEN FILE
  tokens+=("$1")
  files[$1]=$2
}

# The input FILE with the record of what it ran under (fuzz/sequence/input.h).
recorded() { cat "$1" && printf '\xbf\0\n# tpfuzz: found under\n' && cat "$work/subject"; } # FILE

# Whether FILE gives TOKEN in a fresh process after the inputs EARLIER.
shows_after() { # TOKEN FILE [EARLIER...]
  local token=$1 file=$2 options
  shift 2
  mapfile -t options < <(ignored "$token")
  ( # bash tells on stderr of a process that a signal ends
    exec 2>/dev/null
    trap '' INT
    ! "$fuzzer" --protocol "$protocol" "${options[@]}" "${limits[@]}" -handle_abrt=0 "$@" "$file" >"$work/shown" 2>&1 9>&-
  ) || return 1
  case "$token" in
    address-* | thread-* | none-*) ! grep -q '^DEDUP_TOKEN: ' "$work/shown" ;;
    *) grep -qxF "DEDUP_TOKEN: $token" "$work/shown" ;;
  esac
}

# Puts the inputs of DIRECTORY after which FILE gives TOKEN, as few of the last as can be, into FILE.before; all of them, and
# returns 1, if it does not.
keep_earlier() { # TOKEN FILE DIRECTORY
  local kept=("$3"/*) count=1 i found=
  [ -e "${kept[0]}" ] || kept=()
  while [ "$count" -lt ${#kept[@]} ] && ! shows_after "$1" "$2" "${kept[@]: -count}"; do count=$((count * 2)); done
  [ "$count" -ge ${#kept[@]} ] || kept=("${kept[@]: -count}")
  if shows_after "$1" "$2" "${kept[@]}"; then
    found=1
    for ((i = 0; i < ${#kept[@]};)); do
      if shows_after "$1" "$2" "${kept[@]:0:i}" "${kept[@]:i+1}"; then
        kept=("${kept[@]:0:i}" "${kept[@]:i+1}")
      else
        i=$((i + 1))
      fi
    done
  fi
  mkdir -p "$2.before"
  for ((i = 0; i < ${#kept[@]}; ++i)); do recorded "${kept[i]}" >"$2.before/$(printf %02d "$i")"; done
  [ -n "$found" ]
}

# Whether a finding of an earlier run is still one. What only a sanitizer saw shows in its build alone.
still_violates() { # TOKEN FILE SANITIZER
  case "$1" in
    address-* | thread-* | none-*)
      [ "$3" != "$sanitizer" ] || ! "$fuzzer" --protocol "$protocol" "${limits[@]}" "$2" >/dev/null 2>&1
      ;;
    *)
      local verdict
      verdict=$("$repro" run --protocol "$protocol" "$2" 2>/dev/null) && return 1
      [[ $verdict =~ invariant=([^ ]*)\ transition=([^ ]*)\ point=([^ ]*) ]] &&
        [ "${BASH_REMATCH[1]}-${BASH_REMATCH[2]}-${BASH_REMATCH[3]}" = "$1" ]
      ;;
  esac
}

# Whether it is none any more. Who was stopped meanwhile can't tell, and drops nothing.
gone() { # TOKEN FILE SANITIZER
  [ ! -e "$2" ] || { [ -z "$stopped" ] && ! still_violates "$@" && [ -z "$stopped" ]; }
}

# Takes up what earlier runs have found, and drops what is none any more: the protocol, or the core, may have changed.
recall_findings() {
  [ -s "$state/findings.jsonl" ] || return 0
  local line token artifact file by
  : >"$state/findings.jsonl.new"
  while IFS= read -r line; do # a line without an end is none
    [[ $line =~ \"token\":\"([^\"]*)\".*\"artifact\":\"([^\"]*)\".*\"sanitizer\":\"([^\"]*)\" ]] || continue
    token=${BASH_REMATCH[1]} artifact=${BASH_REMATCH[2]} by=${BASH_REMATCH[3]}
    [ -z "${files[$token]:-}" ] || continue
    # An older version wrote paths that a copy of the findings has left behind.
    line=${line/"\"artifact\":\"$artifact\""/"\"artifact\":\"${artifact##*/}\""}
    line=$(sed 's|"sequence":"[^"]*/|"sequence":"|' <<<"$line")
    file=$findings/${artifact##*/}
    [ -e "$file" ] || file=$(sequence_of "$token")
    # One that has never replayed alone can't be seen to be gone.
    if [[ $line != *'"alone":false'* ]] && gone "$token" "$file" "$by"; then
      echo "tpfuzz: no finding any more: $token  its file stays: $file"
      continue
    fi
    printf '%s\n' "$line" >>"$state/findings.jsonl.new"
    [[ " ${given_tokens[*]} " != *" $token "* ]] || continue # to be left out
    remember "$token" "$file"
    [ -e "$(sequence_of "$token")" ] || [[ $line == *'"alone":false'* ]] || to_minimize+=("$token")
  done <"$state/findings.jsonl"
  mv "$state/findings.jsonl.new" "$state/findings.jsonl"
}

record() { # TOKEN FILE VERDICT ALONE: true or false
  remember "$1" "$2"
  local sequence
  sequence=$(sequence_of "$1")
  printf '{"token":"%s","verdict":"%s","artifact":"%s","sequence":"%s","sanitizer":"%s","alone":%s,"run":%d,"execs":%d}\n' \
    "$1" "$(escaped "$3")" "${2##*/}" "${sequence##*/}" "$sanitizer" "$4" "$begin" "$(executions)" >>"$state/findings.jsonl"
}

# The options that go past what is known, but for TOKEN.
ignored() { # [TOKEN]
  local token
  for token in "${given_tokens[@]}" "${tokens[@]}"; do
    [ "$token" = "${1:-}" ] || printf -- '--ignore\n%s\n' "$token"
  done
}

# What the fuzzer said about a violation, or else what a sanitizer did.
told() { # LOG
  if grep -q '^tpfuzz: VIOLATION' "$1"; then
    sed -n '/^tpfuzz: VIOLATION/,/^DEDUP_TOKEN:/p' "$1"
  else
    sed -n '/ERROR: \|WARNING: ThreadSanitizer\|runtime error: /,$p' "$1" | sed '/^tpfuzz: the sequence:$/,$d' | head -n 60
    sed -n '/^tpfuzz: the sequence:$/,/^artifact_prefix=/{/^artifact_prefix=/!p}' "$1"
  fi
}

# Whether FILE alone gives TOKEN in a fresh process.
replays_alone() (trap '' INT && still_violates "$1" "$2" "$sanitizer") # TOKEN FILE

# Tells on what a finding depends that does not replay alone.
tell_dependence() { # TOKEN FILE DIRECTORY
  if keep_earlier "$@"; then
    echo "tpfuzz: it does not replay alone: it depends on inputs that ran before it, $(find "$2.before" -type f | wc -l), in $2.before"
  else
    echo "tpfuzz: it does not replay, neither alone nor after the $(find "$2.before" -type f | wc -l) inputs that ran before it, in $2.before"
  fi
}

# Why FILE violates; nothing for what only a sanitizer sees.
tell_why() { # FILE
  (trap '' INT && "$repro" run --protocol "$protocol" "$1" 2>/dev/null 9>&- | sed -n '/^tpfuzz: why: /p') || true
}

# Records a finding and tells it: how to see it again, and in which company.
tell_finding() { # TOKEN FILE LOG DIRECTORY
  local alone=true
  replays_alone "$1" "$2" || alone=false
  record "$1" "$2" "$(told "$3" | head -n 1)" "$alone"
  told "$3"
  if [ "$alone" = false ]; then
    tell_dependence "$1" "$2" "$4"
  else
    tell_why "$2"
    to_minimize+=("$1")
  fi
  echo "replay: $(replay "$1" "$2")"
}

# Takes in what a fuzzer left that ended with FILE, and the inputs before it in DIRECTORY. Returns 1 if nothing can go past it.
take_finding() { # LOG FILE DIRECTORY
  local token
  token=$(sed -n 's/^DEDUP_TOKEN: //p' "$1" | head -n 1)
  if [ -z "$token" ]; then # a sanitizer's, or libFuzzer's own: it would be found again and again
    token=$sanitizer-$(sed -n 's/^SUMMARY: [A-Za-z]*: \([A-Za-z-]*\).*/\1/p' "$1" | head -n 1)
    [ -n "${files[$token]:-}" ] || tell_finding "$token" "$2" "$1" "$3"
    return 1
  fi
  if [ -n "${files[$token]:-}" ]; then # two jobs came to it
    [ "${files[$token]}" = "$2" ] || rm -f "$2"
    return 0
  fi
  if [ -e "$2" ]; then
    tell_finding "$token" "$2" "$1" "$3"
  else # the disk is full; the sequence stands above
    record "$token" "$2" "$(told "$1" | head -n 1)" true
    told "$1"
    grep -F "$2:0: " "$1" >&2
  fi
  echo
}

# The repro that sees what TOKEN is: a sanitizer's is seen in its build alone. Empty: none does.
repro_for() { # TOKEN
  case "$1" in
    none-*) ;;
    address-* | thread-*)
      [ "${1%%-*}" = "$sanitizer" ] || return 0
      [ -n "$built" ] || (build "$preset" repro >&2) || return 0
      echo "$(dirname "$fuzzer")/repro"
      ;;
    *) echo "$repro" ;;
  esac
}

# Starts to minimise the next, if none is being minimised. Returns 1 if there is nothing to do.
minimize_next() {
  [ -z "$minimizer" ] || return 0
  [ ${#to_minimize[@]} -gt 0 ] || return 1
  local token=${to_minimize[0]} sequence with
  to_minimize=("${to_minimize[@]:1}")
  with=$(repro_for "$token")
  [ -n "$with" ] || return 0
  sequence=$(sequence_of "$token")
  rm -f "${sequence%/*}/.${sequence##*/}".* # what a witness.sh had made that was killed
  setpriv --pdeathsig KILL nice repro/witness.sh "$with" "$protocol" "${files[$token]}" "$sequence" --timeout 10 >/dev/null 2>&1 9>&- &
  minimizer=$!
}

# All that are left; once a signal came, only the one that is under way.
minimize_rest() {
  local left=$((${#to_minimize[@]} + (minimizer ? 1 : 0)))
  [ "$left" = 0 ] || [ -n "$stopped" ] || echo "tpfuzz: minimising what was found last: $left, of ten seconds at most each"
  while [ -n "$minimizer" ] || { [ -z "$stopped" ] && minimize_next; }; do
    [ -z "$minimizer" ] || wait "$minimizer" || true
    minimizer=
  done
}
