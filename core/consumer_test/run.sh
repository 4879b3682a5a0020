#!/usr/bin/env bash
# run.sh BUILD_DIR SOURCE_DIR CXX: installs the core of BUILD_DIR to a temporary prefix, builds the program beside this
# file against it with CXX, as somebody else's project does, and runs it. Exit 0 if all of that works.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: run.sh BUILD_DIR SOURCE_DIR CXX" >&2
  exit 2
fi
build=$1 source=$2 cxx=$3

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# Whoever links a library that was built with a sanitizer has to build with it too.
flags=
if [ -f "$build/CMakeCache.txt" ]; then
  case $(sed -n 's/^TPFUZZ_SANITIZER:[A-Z]*=//p' "$build/CMakeCache.txt") in
    address) flags="-fsanitize=address,undefined" ;;
    thread) flags="-fsanitize=thread" ;;
  esac
  if grep -q '^TPFUZZ_COVERAGE:BOOL=ON' "$build/CMakeCache.txt"; then
    flags="-fprofile-instr-generate -fcoverage-mapping"
    export LLVM_PROFILE_FILE="$temporary/profile"
  fi
fi

cmake --install "$build/core" --prefix "$temporary/prefix" >"$temporary/log"
# A copy, so that nothing but the installed files is found.
cp -r "$source/core/consumer_test" "$temporary/consumer"
cmake -S "$temporary/consumer" -B "$temporary/build" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror $flags" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON -DCMAKE_PREFIX_PATH="$temporary/prefix" >>"$temporary/log" || { cat "$temporary/log"; exit 1; }
cmake --build "$temporary/build" >>"$temporary/log" || { cat "$temporary/log"; exit 1; }
"$temporary/build/consumer"
