#!/usr/bin/env bash
# build_test.sh BUILD_DIR SOURCE_DIR CXX FLAGS: exports every witness of corpus/regressions, and those of testing/ beside
# this file, builds the tests with CXX and FLAGS against the core of BUILD_DIR as somebody else's project does, and runs
# them: each fails under the protocol that its witness was found with, by the invariant of the witness's verdict, and
# passes under the correct ones.
#
# Witnesses whose tests differ in nothing but the protocol and the comment share one program, run with the other protocol.
set -euo pipefail

if [ $# -ne 4 ]; then
  echo "usage: build_test.sh BUILD_DIR SOURCE_DIR CXX FLAGS" >&2
  exit 2
fi
build=$1 source=$2 cxx=$3 flags=$4
repro=$build/bin/repro
# correct KIND: the shipped protocols that are for readers of this kind.
correct() { "$repro" protocols --json | sed -n 's/.*"name":"\([^"]*\)".*"'"$1"'":"correct".*/\1/p'; }
mapfile -t for_ordinary < <(correct status)
mapfile -t for_faultable < <(correct faultable)
[ ${#for_ordinary[@]} -gt 0 ] && [ ${#for_faultable[@]} -gt 0 ] ||
  { echo "expected correct protocols in repro protocols --json" >&2; exit 1; }

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
export LLVM_PROFILE_FILE="$temporary/profile"  # for a build that measures coverage
failed=0

complain() {
  echo "$1" >&2
  failed=1
}

# expect EXIT_CODE BEGINNING COMMAND...: what it prints begins so, and is one line.
expect() {
  local output code=0
  output=$(timeout -s KILL 60 "${@:3}" 2>&1) || code=$?
  if [ $code != "$1" ] || [[ $output != "$2"* ]] || [ "$(wc -l <<<"$output")" != 1 ]; then
    complain "${*:3}: exit $code: $output; expected exit $1: $2..."
  fi
}

# One source for each distinct test, all in one project; $programs says for each witness which it is.
declare -A programs protocols sources
for witness in "$source"/corpus/regressions/*/*.seq "$source"/repro/export/testing/*/*.seq; do
  protocol=$(basename "$(dirname "$witness")")
  name=$protocol-$(basename "$witness")
  cp "$witness" "$temporary/$name"
  exported=$("$repro" export --protocol "$protocol" "$temporary/$name" -o "$temporary/all")
  # An earlier one with the same code takes its place.
  code=$(sed -e '/^\/\//d' -e '/ kProtocol = "/d' "$exported" | sha256sum)
  if [ -z "${sources[$code]:-}" ]; then
    sources[$code]=$(basename "$exported" .cc)
    "$repro" export --protocol "$protocol" "$temporary/$name" -o "$temporary/project" >/dev/null
  fi
  programs[$name]=${sources[$code]}
  protocols[$name]=$protocol
done

if command -v clang-format-19 >/dev/null; then
  cp "$source/.clang-format" "$temporary"
  clang-format-19 --dry-run -Werror "$temporary"/all/*.cc || complain "expected formatted sources"
fi

cmake --install "$build/core" --prefix "$temporary/prefix" >"$temporary/log"
project=(cmake -S "$temporary/project" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="$flags")
"${project[@]}" -B "$temporary/build" -DCMAKE_PREFIX_PATH="$temporary/prefix" >>"$temporary/log" 2>&1 &&
  cmake --build "$temporary/build" -j 2 >>"$temporary/log" 2>&1 || { cat "$temporary/log"; exit 1; }

for name in "${!programs[@]}"; do
  program=$temporary/build/${programs[$name]}
  protocol=${protocols[$name]}
  verdict=$("$repro" run --protocol "$protocol" "$temporary/$name") || true
  invariant=$(sed -n 's/.* invariant=\([a-z-]*\) .*/\1/p' <<<"$verdict")
  broken="FAIL protocol=$protocol invariant=$invariant: "
  expect 1 "$broken" "$program" "$protocol"
  [ "$(basename "$program")" = "$(basename "${name//[^a-zA-Z0-9]/_}" _seq)_test" ] && expect 1 "$broken" "$program"
  [ "$invariant" = result ] && continue # what the sequence itself expects is wrong under any protocol
  correct_protocols=("${for_ordinary[@]}")
  ! grep -q '^tracepoint .* faultable' "$temporary/$name" || correct_protocols=("${for_faultable[@]}")
  for correct in "${correct_protocols[@]}"; do expect 0 "PASS protocol=$correct" "$program" "$correct"; done
done
expect 2 "usage: " "$program" cookies cookies
expect 2 "nosuch: expected a protocol file" "$program" nosuch
expect 2 "usage: " "$program" --nosuch
for help in --help -h; do
  [[ $("$program" $help) == "usage: "*"Exit codes: "* ]] || complain "expected the help of $program $help"
done

# The cases of ctest: for each program one that has to break, and one that is clean today, but where the sequence itself is wrong.
cases=$(ctest --test-dir "$temporary/build" --timeout 60 2>&1) || complain "$cases"
[[ $cases != *Skipped* ]] || complain "expected no case that can't run: $cases"
for source_file in "$temporary"/project/*_test.cc; do
  case=$(basename "$source_file" .cc)
  [[ $cases == *" $case.breaks "* ]] || complain "expected the case $case.breaks"
  if grep -q "^// Breaks under today's protocol" "$source_file"; then
    [[ $cases != *" $case.clean "* ]] || complain "expected no case $case.clean"
  else
    [[ $cases == *" $case.clean "* ]] || complain "expected the case $case.clean"
  fi
done
# The bug of the first mail is a page. (What it prints is the length that it has.)
"$repro" export --protocol f7ec412 "$source/corpus/seeds/one-zero-one.seq" -o "$temporary/mail" >/dev/null
lines=$(wc -l <"$temporary/mail/one_zero_one_test.cc")
[ "$lines" -lt 80 ] || complain "expected fewer than 80 lines in one_zero_one_test.cc, found $lines"
longest=$(wc -l "$temporary"/all/*.cc | grep -v total | sort -n | tail -n 1 | awk '{ print $1 }')

# The same from a source tree, without an installed library.
{
  "${project[@]}" -B "$temporary/from_source" -DTPFUZZ_SOURCE="$source" &&
    cmake --build "$temporary/from_source" -j 2 --target "$(basename "$program")"
} >"$temporary/log" 2>&1 || complain "$(cat "$temporary/log")"

echo "witnesses ${#programs[@]}, programs ${#sources[@]}, lines: the first mail's $lines, the longest $longest"
exit $failed
