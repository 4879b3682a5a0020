#!/usr/bin/env bash
# tell_findings_test.sh REPRO SOURCE_DIR: what a CI job tells of what it found (.ci/tell_findings).
set -euo pipefail
repro=$1
source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "tell_findings_test.sh: $1" >&2 && exit 1; }

mkdir "$work/findings"
for name in pairing-0-to-1-loaded pairing-1-to-2-loaded; do
  sed "/^subject /d; 1a subject d25e37d" "$source/corpus/regressions/d25e37d/$name.seq" >"$work/findings/$name.seq"
done
echo "no sequence" >"$work/findings/wrong.seq"
"$source/.ci/tell_findings" "$work/findings" "$work/sarif" "$repro" >"$work/comments" 2>"$work/log"
[ "$(grep -c '^### tpfuzz: ' "$work/comments")" = 2 ] || fail "expected two comments: $(cat "$work/comments")"
[ "$(grep -c '"ruleId"' "$work/sarif")" -ge 1 ] || fail "expected results in SARIF: $(cat "$work/sarif")"
grep -q 'wrong.seq' "$work/log" || fail "expected an error of wrong.seq: $(cat "$work/log")"

# What a comment says replays.
awk '/<summary>The sequence/ { on = 1 } on && /^```/ { if (inside) exit; inside = 1; next } inside' "$work/comments" >"$work/finding.seq"
code=0
"$repro" run "$work/finding.seq" >"$work/log" || code=$?
[ $code = 1 ] || fail "expected a violation of what the comment holds: $(cat "$work/log")"
grep -q '^tpfuzz: VIOLATION .* protocol=d25e37d$' "$work/log" || fail "expected its own protocol: $(cat "$work/log")"

mkdir "$work/nothing"
"$source/.ci/tell_findings" "$work/nothing" "$work/none" "$repro" >"$work/comments"
[ ! -s "$work/comments" ] && [ ! -e "$work/none" ] || fail "expected nothing of nothing"
