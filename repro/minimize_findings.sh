#!/usr/bin/env bash
# minimize_findings.sh BIN [N]: the README's table of what minimising leaves. For each bad protocol and each invariant that
# corpus/regressions/ shows it to violate: N raw findings (50) of BIN/registration_fuzzer, each of a seed of its own, are
# minimised. On stderr, the sequences that remain, with how many findings end in each.
set -euo pipefail
export bin work
bin=$(realpath "$1")
findings=${2:-50}
regressions=$(dirname "$(realpath "$0")")/../corpus/regressions
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# minimize_one PROTOCOL INVARIANT SEED [TOKEN...]: fuzzes from SEED, past the TOKENs and whatever else violates another
# invariant, and leaves in $work/PROTOCOL-INVARIANT/ the result, SEED.seq, and how long it took, SEED.milliseconds; or nothing.
minimize_one() {
  local protocol=$1 invariant=$2 seed=$3 dir=$work/$1-$2 ignored=() token raw begin
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
  begin=$EPOCHREALTIME
  "$bin/repro" minimize --protocol "$protocol" "$raw"crash-* -o "$dir/$seed.seq" >/dev/null 2>&1
  echo $(((${EPOCHREALTIME/./} - ${begin/./}) / 1000)) >"$dir/$seed.milliseconds"
}
export -f minimize_one

# A batch counts as its removals.
changes() { awk '$1 ~ /^w/ && $2 ~ /register$/ {n += split($3, probes, ",")} END {print n + 0}' "$1"; }

echo "| protocol | invariant | findings | sequences that remain: findings that end in it (registrations and unregistrations) | median |"
echo "|---|---|---|---|---|"
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
    median=$(find . -name '*.milliseconds' -exec cat {} + | sort -n | awk '{t[NR] = $1} END {if (NR) printf "%.2f s", t[int((NR + 1) / 2)] / 1000}')
    echo "| \`$protocol\` | $invariant | $(find . -name '*.seq' | wc -l) | ${remain:-none} | $median |"
    cd "$OLDPWD"
  done
done
