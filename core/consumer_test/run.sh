#!/usr/bin/env bash
# run.sh BUILD_DIR SOURCE_DIR CXX: installs the core of BUILD_DIR to a temporary prefix, moves the prefix, and builds programs
# against it with CXX as somebody else's project does: the one beside this file by CMake and by pkg-config, the server of
# the examples by CMake. Runs them. Then what must not compile: it has to be refused with words. Exit 0 if all of that works.
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

cmake --install "$build/core" --prefix "$temporary/installed" >"$temporary/log"
mkdir "$temporary/else where"
mv "$temporary/installed" "$temporary/else where/prefix"
prefix="$temporary/else where/prefix"
if grep -rIl -e "$temporary/installed" -e "$source" -e "$build" "$prefix"; then
  echo "expected no path of the build in what is installed" >&2
  exit 1
fi

# A copy, so that nothing but the installed files is found.
mkdir "$temporary/consumer"
cp "$source"/core/consumer_test/{CMakeLists.txt,counted.h,host.cc,main.cc,plugin.cc} "$source/core/example/server_example.cc" "$temporary/consumer"
cmake -S "$temporary/consumer" -B "$temporary/build" -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Werror $flags" \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON -DCMAKE_PREFIX_PATH="$prefix" >>"$temporary/log" 2>&1 || { cat "$temporary/log"; exit 1; }
cmake --build "$temporary/build" >>"$temporary/log" 2>&1 || { cat "$temporary/log"; exit 1; }
"$temporary/build/consumer"
"$temporary/build/server"
"$temporary/build/host" "$temporary/build/libplugin.so"

pkg_config=$(command -v pkg-config || true)
if [ -n "$pkg_config" ]; then
  file=$(find "$prefix" -name tpfuzz.pc)
  eval "words=($(PKG_CONFIG_PATH=$(dirname "$file") pkg-config --cflags --libs tpfuzz))"
  # shellcheck disable=SC2086,SC2154
  "$cxx" -std=c++20 -O2 -Wall -Wextra -Werror $flags "$temporary/consumer/main.cc" -o "$temporary/by_pkg_config" "${words[@]}"
  "$temporary/by_pkg_config"
else
  echo "no pkg-config: not tried"
fi

# expect_error STANDARD WORDS SOURCE: the compiler refuses it, and says so.
expect_error() {
  local output
  if output=$("$cxx" "-std=$1" -fsyntax-only -I "$prefix/include" -x c++ - <<<"$3" 2>&1) || [[ $output != *"$2"* ]]; then
    printf 'expected an error with "%s" of:\n%s\nfound:\n%s\n' "$2" "$3" "$output" >&2
    exit 1
  fi
}
public='#include <tpfuzz/tracepoint.h>'
expect_error c++17 "expected C++20 or later" "$public"
expect_error c++20 "this header is internal" '#include <tpfuzz/internal/tracepoint.h>'
signature="a tracepoint's signature is void(ARGUMENTS...)"
for wrong in 'int(int)' 'void(int, ...)' 'void(int) noexcept' 'int'; do
  expect_error c++20 "$signature" "$public
TPFUZZ_TRACEPOINT_DECLARE(wrong, $wrong);"
done
declared="$public
TPFUZZ_TRACEPOINT_DECLARE(declared, void(int));"
expect_error c++20 "unused-result" "$declared
#pragma GCC diagnostic error \"-Wunused-result\"
void f() { declared.register_probe(nullptr, nullptr); }"
# The names of this tree are no names of a program.
expect_error c++20 "tp" "$declared
tp::Domain domain;"
