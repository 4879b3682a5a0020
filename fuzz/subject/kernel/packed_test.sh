#!/usr/bin/env bash
# packed_test.sh REPRO TREE: a tree that brings what it was compiled to runs where there is no compiler, and nothing is cached
# there (compile.h).
set -euo pipefail
repro=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "packed_test.sh: $1" >&2
  exit 1
}
without_compiler() { # ARGUMENT...
  TPFUZZ_KERNEL_CC=nosuch TPFUZZ_CACHE=$work/none "$repro" "$@" >"$work/log" 2>&1
}

cp -r "$2" "$work/tree"
printf 'tpfuzz 1\nprobe a func=1 data=1 prio=10\nw0 register a\nr0 hit\n' >"$work/one.seq"
without_compiler run --subject "kernel:$work/tree" "$work/one.seq" && fail "expected an error without a compiler"
grep -q 'expected the compiler nosuch, found none' "$work/log" || fail "$(cat "$work/log")"

TPFUZZ_CACHE=$work/cache "$repro" protocols "kernel:$work/tree" >/dev/null
for build in address thread none; do
  mkdir "$work/tree/.tpfuzz-$build"
  cp "$work"/cache/*/{tree.so,protocol-1} "$work/tree/.tpfuzz-$build"
done
without_compiler run --subject "kernel:$work/tree" "$work/one.seq" || fail "$(cat "$work/log")"
grep -q '^tpfuzz: clean protocol=linux-' "$work/log" || fail "$(cat "$work/log")"
[ ! -e "$work/none" ] || fail "expected nothing in the cache: $(ls "$work/none")"
