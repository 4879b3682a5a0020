#!/usr/bin/env bash
# minimize_findings.sh BIN [N]: the table of what minimising leaves in docs/minimizing.md. For each bad protocol and each invariant that
# corpus/regressions/ shows it to violate: N raw findings (50) of BIN/registration_fuzzer, each of a seed of its own, are
# minimised. Exits with 1 if one did not keep its token. On stderr, the sequences that remain, with how many findings end in
# each, and the tokens that were lost.
set -euo pipefail
export bin work
bin=$(realpath "$1")
findings=${2:-50}
regressions=$(dirname "$(realpath "$0")")/../corpus/regressions
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# minimize_one PROTOCOL INVARIANT SEED [TOKEN...]: fuzzes from SEED, past the TOKENs and whatever else violates another
# invariant, and leaves in $work/PROTOCOL-INVARIANT/ the result, SEED.seq, how long it took, SEED.milliseconds, and the tokens
# before and after, SEED.tokens; or nothing.
minimize_one() {
  local protocol=$1 invariant=$2 seed=$3 dir=$work/$1-$2 ignored=() token raw begin after
  for token in "${@:4}"; do ignored+=(--ignore "$token"); done
  raw=$dir/raw-$seed-
  until [ ${#ignored[@]} -gt 60 ]; do
    "$bin/registration_fuzzer" --protocol "$protocol" "${ignored[@]}" -seed="$seed" -runs=100000 -max_len=1024 \
      -artifact_prefix="$raw" >"$raw"log 2>&1 && return
    token=$(sed -n 's/^DEDUP_TOKEN: //p' "$raw"log)
    [ "${token%%-*}" != "$invariant" ] || break
    ignored+=(--ignore "$token")
    rm "$raw"crash-*
  done
  [ -e "$(echo "$raw"crash-*)" ] || return 0
  begin=$EPOCHREALTIME
  after=$("$bin/repro" minimize --protocol "$protocol" "$raw"crash-* -o "$dir/$seed.seq" 2>/dev/null)
  echo $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) >"$dir/$seed.milliseconds"
  [[ $after =~ invariant=([^ ]*)\ transition=([^ ]*)\ point=([^ ]*) ]]
  echo "$token $(IFS=- && echo "${BASH_REMATCH[*]:1}")" >"$dir/$seed.tokens"
}
export -f minimize_one

# A batch counts as its removals.
changes() { awk '$1 ~ /^w/ && $2 ~ /register$/ {n += split($3, probes, ",")} END {print n + 0}' "$1"; }

lost=0
echo "| protocol | invariant | findings | kept their token | sequences that remain: findings that end in it (registrations and unregistrations) | median |"
echo "|---|---|---|---|---|---|"
for protocol in d25e37d 547305a-v1 547305a c8b186a befe6d9 352384d f7ec412 worker-sketch; do
  tokens=$(cd "$regressions/$protocol" && printf '%s\n' *.seq | sed 's/\.seq$//; s/-to-/->/')
  for invariant in $(printf '%s\n' "$tokens" | sed 's/-.*//' | sort -u); do
    dir=$work/$protocol-$invariant
    mkdir "$dir"
    others=$(printf '%s\n' "$tokens" | grep -v "^$invariant-" || true)
    # shellcheck disable=SC2086
    seq "$findings" | xargs -P "$(nproc)" -I SEED bash -c 'minimize_one "$@"' _ "$protocol" "$invariant" SEED $others
    cd "$dir"
    remain=
    find . -name '*.seq' -exec sha256sum {} + | sort |
      awk '{if (!count[$1]++) example[$1] = $2} END {for (sum in count) print count[sum], example[sum]}' |
      sort -k1,1nr -k2 >remaining
    while read -r count example; do
      remain+="${remain:+, }$count ($(changes "$example"))"
      { echo "# $protocol $invariant: $count findings" && cat "$example" && echo; } >&2
    done <remaining
    find . -name '*.tokens' -exec awk '$1 != $2 {print "# " $1 " became " $2}' {} + | tee lost >&2
    [ ! -s lost ] || lost=1
    median=$(find . -name '*.milliseconds' -exec cat {} + | sort -n | awk '{t[NR] = $1} END {if (NR) printf "%.2f s", t[int((NR + 1) / 2)] / 1000}')
    count=$(find . -name '*.tokens' | wc -l)
    kept=$((count - $(wc -l <lost)))
    echo "| \`$protocol\` | $invariant | $count | $kept of $count | ${remain:-none} | $median |"
    cd "$OLDPWD"
  done
done
exit $lost
