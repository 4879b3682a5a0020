#!/usr/bin/env bash
# bisect_test.sh REPRO MINIATURE: the recipe of docs/kernel.md on a small repository, whose commits are versions of the
# miniature tree. One of them forgets a wait, and an earlier one does not compile.
set -euo pipefail

repro=$(realpath "$1") miniature=$(realpath "$2")
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export TPFUZZ_CACHE=$place/cache

cat >"$place/witness.seq" <<'EOF'
tpfuzz 1
probe a func=0 data=0 prio=10
probe b func=1 data=1 prio=20
w0 register a
r0 hit park@loaded 2
w0 register b
w0 unregister a
EOF

mkdir "$place/linux"
cd "$place/linux"
git init -q
commit() { # SUBJECT
  git add -A
  git -c user.name=tpfuzz -c user.email=tpfuzz@localhost commit -q -m "$1"
}
file=kernel/tracepoint.c
cp -r "$miniature"/. .
commit good
good=$(git rev-parse HEAD)
sed -i '1i /* a comment */' $file
commit "still good"
sed -i '1i #define MISTAKE_needs_what_the_shim_lacks 1' $file
commit "does not compile"
sed -i '1d' $file
commit "good again"
sed -i '1i #define MISTAKE_no_wait_2_1 1' $file
commit "forgets a wait"
expected=$(git rev-parse HEAD)
for n in 1 2 3; do
  sed -i "1a /* comment $n */" $file
  commit "bad $n"
done

git bisect start HEAD "$good" >/dev/null
out=$(git bisect run sh -c \
  "\"$repro\" run --subject \"kernel:\$PWD\" \"$place/witness.seq\"; s=\$?; [ \$s -ne 2 ] || s=125; exit \$s" 2>&1)
grep -q "^$expected is the first bad commit" <<<"$out" || { echo "expected $expected: $out" >&2; exit 1; }
