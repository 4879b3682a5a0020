#!/usr/bin/env bash
# install_test.sh BUILD_DIR SOURCE_DIR: installs the whole to a temporary prefix, moves the prefix, and uses the tool there, as
# somebody does who has neither the source nor the build.
set -euo pipefail
build=$1 source=$2
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
cmake --install "$build" --prefix "$temporary/installed" >"$temporary/log" || { cat "$temporary/log"; exit 1; }
mkdir "$temporary/else where"
mv "$temporary/installed" "$temporary/else where/prefix"
prefix="$temporary/else where/prefix"
cd "$temporary"

# expect CODE WORDS COMMAND...
expect() {
  local output code=0
  output=$(env -i PATH=/usr/bin:/bin HOME="$temporary" "${@:3}" 2>&1) || code=$?
  if [ $code != "$1" ] || [[ $output != *"$2"* ]]; then
    printf 'expected exit code %s and "%s" of %s, found exit code %s:\n%s\n' "$1" "$2" "${*:3}" "$code" "$output" >&2
    exit 1
  fi
}
repro="$prefix/bin/repro"
corpus="$prefix/share/tpfuzz/corpus"
expect 1 "VIOLATION invariant=pairing transition=0->1" "$repro" run --protocol f7ec412 "$corpus/seeds/one-zero-one.seq"
expect 0 "clean" "$repro" run --protocol cookies "$corpus/seeds/one-zero-one.seq"
expect 0 "one_zero_one_test.cc" "$repro" export --protocol f7ec412 "$corpus/seeds/one-zero-one.seq" -o "$temporary/tests"
expect 0 "libFuzzer" "$prefix/bin/registration_fuzzer" -help=1
for file in include/tpfuzz/tracepoint.h include/tpfuzz/replay.h share/doc/tpfuzz/README.md share/doc/tpfuzz/library.md; do
  [ -f "$prefix/$file" ] || { echo "expected $file to be installed" >&2; exit 1; }
done
# The exported test builds against it, wherever it lies now, and its two cases are right.
compiler=$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
{
  cmake -S "$temporary/tests" -B "$temporary/build" -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_PREFIX_PATH="$prefix" &&
    cmake --build "$temporary/build" && ctest --test-dir "$temporary/build" --timeout 60
} >"$temporary/log" 2>&1 || { cat "$temporary/log"; exit 1; }
grep -q "100% tests passed, 0 tests failed out of 2" "$temporary/log" || { cat "$temporary/log"; exit 1; }
