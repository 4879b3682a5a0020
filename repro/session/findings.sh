# What was found on a protocol: findings.jsonl, and a minimised sequence of each (repro/session.h). Sourced by fuzz.sh.
#
# A finding is on the disk before it is told: the target has written its file, then comes the line of findings.jsonl, in one
# write, then the user reads it. The sequence is minimised meanwhile; if that is cut short, the next start does it.

tokens=()         # of what is known, in order
declare -A files  # by token: as it was found
to_minimize=()    # tokens
minimizer=        # its process

sequence_of() { echo "$findings/$name-${1//->/-to-}.seq"; } # TOKEN

escaped() { # TEXT: for a string of JSON
  local text=${1//\\/\\\\}
  printf %s "${text//\"/\\\"}"
}

# What replays FILE, as the user types it. What an older version has found does not say what it was found under.
replay() { # FILE
  local under=
  LC_ALL=C grep -aqs '^subject ' "$1" || under="--protocol $(quoted "$protocol") "
  echo "$(quoted "$repro") run $under$(quoted "$1")"
}

remember() { # TOKEN FILE
  tokens+=("$1")
  files[$1]=$2
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
    if gone "$token" "$file" "$by"; then
      echo "tpfuzz: no finding any more: $token"
      continue
    fi
    printf '%s\n' "$line" >>"$state/findings.jsonl.new"
    [[ " ${given_tokens[*]} " != *" $token "* ]] || continue # to be left out
    remember "$token" "$file"
    [ -e "$(sequence_of "$token")" ] || to_minimize+=("$token")
  done <"$state/findings.jsonl"
  mv "$state/findings.jsonl.new" "$state/findings.jsonl"
}

record() { # TOKEN FILE VERDICT
  remember "$1" "$2"
  local sequence
  sequence=$(sequence_of "$1")
  printf '{"token":"%s","verdict":"%s","artifact":"%s","sequence":"%s","sanitizer":"%s","run":%d,"execs":%d}\n' \
    "$1" "$(escaped "$3")" "${2##*/}" "${sequence##*/}" "$sanitizer" "$begin" "$(executions)" >>"$state/findings.jsonl"
}

# The options that go past what is known.
ignored() {
  local token
  for token in "${given_tokens[@]}" "${tokens[@]}"; do printf -- '--ignore\n%s\n' "$token"; done
}

# What the fuzzer said about a violation, or else what a sanitizer did.
told() { # LOG
  if grep -q '^tpfuzz: VIOLATION' "$1"; then
    sed -n '/^tpfuzz: VIOLATION/,/^DEDUP_TOKEN:/p' "$1"
  else
    sed -n '/ERROR: \|WARNING: ThreadSanitizer\|runtime error: /,$p' "$1" | head -n 60
  fi
}

# Takes in what a fuzzer left that ended with FILE. Returns 1 if nothing can go past it.
take_finding() { # LOG FILE
  local token verdict
  token=$(sed -n 's/^DEDUP_TOKEN: //p' "$1" | head -n 1)
  if [ -z "$token" ]; then # a sanitizer's, or libFuzzer's own: it would be found again and again
    token=$sanitizer-$(sed -n 's/^SUMMARY: [A-Za-z]*: \([A-Za-z-]*\).*/\1/p' "$1" | head -n 1)
    if [ -z "${files[$token]:-}" ]; then
      record "$token" "$2" "$(told "$1" | head -n 1)"
      told "$1"
      echo "replay: TSAN_OPTIONS=halt_on_error=1 $(quoted "$fuzzer") --protocol $(quoted "$protocol") $(quoted "$2")"
    fi
    return 1
  fi
  if [ -n "${files[$token]:-}" ]; then # two jobs came to it
    [ "${files[$token]}" = "$2" ] || rm -f "$2"
    return 0
  fi
  record "$token" "$2" "$(grep '^tpfuzz: VIOLATION' "$1" | head -n 1)"
  told "$1"
  if [ -e "$2" ]; then
    echo "replay: $(replay "$2")"
    to_minimize+=("$token")
  else # the disk is full; the sequence stands above
    grep -F "$2:0: " "$1" >&2
  fi
  echo
}

# Starts to minimise the next, if none is being minimised. Returns 1 if there is nothing to do.
minimize_next() {
  [ -z "$minimizer" ] || return 0
  [ ${#to_minimize[@]} -gt 0 ] || return 1
  local token=${to_minimize[0]} sequence
  to_minimize=("${to_minimize[@]:1}")
  case "$token" in address-* | thread-* | none-*) return 0 ;; esac
  sequence=$(sequence_of "$token")
  rm -f "${sequence%/*}/.${sequence##*/}".* # what a witness.sh had made that was killed
  setpriv --pdeathsig KILL nice repro/witness.sh "$repro" "$protocol" "${files[$token]}" "$sequence" --timeout 10 >/dev/null 2>&1 9>&- &
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
