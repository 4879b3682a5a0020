#!/usr/bin/env bash
# puzzle_witnesses.sh BIN OUT: makes OUT/<puzzle>.seq for each puzzle that an invariant finds: a finding of
# BIN/registration_fuzzer, minimised, with its diagram, its explanation and its verdict in the comment. A file that is there is
# minimised and drawn anew, while it still violates: some puzzles take a long search.
set -euo pipefail
bin=$1
out=$2
searches=5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# The start of a minimisation: what is there, or else what a search finds.
find_start() { # PUZZLE
  local seed
  if [ -e "$out/$1.seq" ] && ! "$bin/repro" run "$out/$1.seq" >/dev/null 2>&1; then
    cp "$out/$1.seq" "$work/start"
    return
  fi
  for ((seed = 1; seed <= searches; ++seed)); do
    "$bin/registration_fuzzer" --protocol "$1" -seed=$seed -runs=200000 -max_len=1024 -exact_artifact_path="$work/start" \
      >/dev/null 2>&1 || return 0
  done
}

"$bin/repro" protocols --json | grep '"kind":"puzzle"' | grep -v '"found_by":""' | sed 's/.*"name":"\([^"]*\)".*/\1/' |
  while read -r puzzle; do
    rm -f "$work/start"
    find_start "$puzzle"
    { [ -e "$work/start" ] && "$bin/repro" witness --protocol "$puzzle" "$work/start" -o "$out/$puzzle.seq"; } ||
      echo "puzzle_witnesses.sh: no witness of $puzzle" >&2 # one that depends on earlier inputs has none
  done
