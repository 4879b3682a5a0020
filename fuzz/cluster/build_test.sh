#!/usr/bin/env bash
# build_test.sh [SANITIZER...]: plays the builder of OSS-Fuzz and ClusterFuzzLite without Docker: its environment for
# address (the default), undefined or coverage, build.sh, $OUT moved, and every target run on its seeds from another
# directory, as a user who may only write to /tmp, with an empty environment and with the one of the cluster.
set -euo pipefail
project=$(realpath "$(dirname "$0")/../..")
llvm=/usr/lib/llvm-19/lib
clang=${TPFUZZ_CLANG:-clang++-19}
if [ ! -e $llvm/libc++.a ] || [ ! -e $llvm/libc++abi.a ]; then
  echo "skipped: a cluster's C++ library is libc++: apt-get install libc++-19-dev libc++abi-19-dev"
  exit 77
fi

# As the images base-builder and base-runner set them.
base_flags="-O1 -fno-omit-frame-pointer -gline-tables-only -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"
checks=array-bounds,bool,builtin,enum,function,integer-divide-by-zero,null,object-size,return,returns-nonnull-attribute
checks+=,shift,signed-integer-overflow,unreachable,vla-bound,vptr
declare -A sanitizer_flags=(
  [address]="-fsanitize=address -fsanitize-address-use-after-scope"
  [undefined]="-fsanitize=$checks,unsigned-integer-overflow -fno-sanitize-recover=$checks"
  [coverage]=""
  [none]=""
)
fuzzer_flags="-fsanitize=fuzzer-no-link"
coverage_flags="-fprofile-instr-generate -fcoverage-mapping -pthread -Wl,--no-as-needed -Wl,-ldl -Wl,-lm
  -Wno-unused-command-line-argument"
cluster_asan=alloc_dealloc_mismatch=0:allocator_may_return_null=1:allocator_release_to_os_interval_ms=500
cluster_asan+=:check_malloc_usable_size=0:detect_odr_violation=0:detect_leaks=1:detect_stack_use_after_return=1
cluster_asan+=:fast_unwind_on_fatal=0:handle_abort=1:handle_segv=1:handle_sigill=1:max_uar_stack_size_log=16
cluster_asan+=:print_scariness=1:quarantine_size_mb=10:strict_memcmp=1:symbolize=1:use_sigaltstack=1:dedup_token_length=3
cluster_ubsan=print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1:symbolize=1:dedup_token_length=3

work=$(mktemp -d /tmp/tpfuzz-cluster.XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
fail() {
  echo "build_test.sh: $sanitizer: $1" >&2
  exit 1
}

# What the image has and Debian has not: libc++ as static libraries alone (here found by LDFLAGS), and a libFuzzer that
# brings its own C++ library.
make_image() {
  mkdir "$work/image"
  echo "INPUT($llvm/libc++.a $llvm/libc++abi.a)" >"$work/image/libc++.a"
  local engine stdcxx
  engine=$($clang -print-file-name=lib/linux/libclang_rt.fuzzer-x86_64.a)
  stdcxx=$($clang -print-file-name=libstdc++.a)
  ld -r --force-group-allocation -o "$work/image/engine.o" --whole-archive "$engine" --no-whole-archive "$stdcxx"
  objcopy -w --keep-global-symbol=main --keep-global-symbol='LLVMFuzzer*' --keep-global-symbol='__sanitizer_*' \
    --keep-global-symbol='__sancov*' "$work/image/engine.o"
}

# As the image's `compile` does it, with a mark that the flags alone can put into a target.
play_builder() {
  local instrumentation=$fuzzer_flags
  [ "$sanitizer" != coverage ] || instrumentation=$coverage_flags
  mkdir -p "$work/$sanitizer/"{src,work,out}
  ln -s "$project" "$work/$sanitizer/src/tpfuzz"
  ln -s "$project/fuzz/subject/kernel/testing/miniature" "$work/$sanitizer/src/linux"
  export SRC=$work/$sanitizer/src WORK=$work/$sanitizer/work OUT=$work/$sanitizer/out
  export SANITIZER=$sanitizer FUZZING_ENGINE=libfuzzer ARCHITECTURE=x86_64 FUZZING_LANGUAGE=c++
  export CC=${clang/++/} CXX=$clang LIB_FUZZING_ENGINE=$work/image/engine.o
  CFLAGS=$(echo $base_flags ${sanitizer_flags[$sanitizer]} $instrumentation -frecord-command-line)
  export CFLAGS CXXFLAGS="$CFLAGS -stdlib=libc++ -DTPFUZZ_PLAYED_BUILDER" LDFLAGS="-L$work/image"
  export ASAN_OPTIONS= UBSAN_OPTIONS=silence_unsigned_overflow=1
  cp "$project/fuzz/cluster/build.sh" "$SRC/build.sh"
  (cd "$SRC/tpfuzz" && bash -eu "$SRC/build.sh") >"$work/log" 2>&1 || { tail -n 50 "$work/log" >&2 && fail "build.sh failed"; }
}

# Each of our object files is in the target with the command line that compiled it: it has the mark, and no sanitizer, no
# coverage and no architecture but the builder's.
check_flags() { # TARGET
  local commands
  commands=$(readelf -p .GCC.command.line "$1" | sed -n 's/^ *\[ *[0-9a-f]*\]  //p')
  [ "$(wc -l <<<"$commands")" -ge 40 ] || fail "$1: expected the command lines of all object files"
  for source in core/text.cc fuzz/engine/perform.cc fuzz/oracle/verdict.cc fuzz/target/options.cc; do
    grep -q "/$source" <<<"$commands" || fail "$1: expected the command line of $source"
  done
  if grep -vE -- "-D ?TPFUZZ_PLAYED_BUILDER" <<<"$commands"; then fail "$1: \$CXXFLAGS is not honoured"; fi
  local own
  own=$(comm -23 <(tr ' ' '\n' <<<"$commands" | sed -nE '/^-(fsanitize|fno-sanitize|fprofile|fcoverage|m|O)/p' | sort -u) \
    <(tr ' ' '\n' <<<"$CXXFLAGS" | sort -u))
  [ -z "$own" ] || fail "$1: expected no flags but the builder's, found $own"
}

check_libraries() { # TARGET
  local needed
  needed=$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
    grep -vxE '(libc|libm|libpthread|libdl|librt|libresolv)\.so\.[0-9]+|ld-linux-x86-64\.so\.2' || true)
  [ -z "$needed" ] || fail "$1: expected no shared library but libc's, found $needed"
}

# One section, and `name = value` lines. (What a dictionary's lines are libFuzzer itself says when it reads them.)
check_options() { # TARGET
  local options
  options=$(<"$1.options")
  [ "${options%%$'\n'*}" = "[libfuzzer]" ] || fail "$1.options: expected [libfuzzer] in line 1"
  if sed 1d <<<"$options" | grep -vE '^[a-z_]+ = [^ ]+$'; then fail "$1.options: expected lines 'name = value'"; fi
  [ -s "$(dirname "$1")/$(sed -n 's/^dict = //p' <<<"$options")" ] || fail "$1.options: expected its dictionary beside it"
}

# Runs a target from / as nobody: only /tmp can be written to.
run() { # ENVIRONMENT... -- TARGET ARGUMENT...
  local environment=() as=()
  while [ "$1" != -- ]; do environment+=("$1") && shift; done
  shift
  [ "$(id -u)" -ne 0 ] || as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  (cd / && timeout -s KILL 300 "${as[@]}" env -i "${environment[@]}" "$@") >"$work/log" 2>&1 ||
    { tail -n 40 "$work/log" >&2 && fail "$2 failed"; }
}

check_runs() { # TARGET
  local seeds scratch=$work/scratch runs=3000
  [[ $1 != *stress* ]] || runs=150 # of 50 iterations, with real delays
  rm -rf "$work/seeds" "$scratch" && mkdir "$work/seeds" && mkdir -m 777 "$scratch"
  (cd "$work/seeds" && cmake -E tar xf "$1_seed_corpus.zip")
  seeds=$(find "$work/seeds" -type f | wc -l)
  [ "$seeds" -eq "$(find "$project/corpus" -name '*.seq' | wc -l)" ] || fail "$1: expected every sequence of corpus/ in its zip"
  local profile="LLVM_PROFILE_FILE=$scratch/profile"
  [ "$sanitizer" = coverage ] || profile=
  # By name a target runs what it would not draw. What declares faultable readers begins so (fuzz/sequence/binary.h).
  local named=() seed
  for seed in "$work/seeds"/*; do
    [[ $1 == *cookies-own* || $1 == *iterator* || $(od -An -tx1 -N1 "$seed") != *0e ]] || continue
    named+=("$seed")
  done
  run $profile -- "$1" "${named[@]}"
  [ "$(grep -c '^Executed ' "$work/log")" -eq ${#named[@]} ] || fail "$1: expected ${#named[@]} seeds to run"
  run $profile -- "$1" -runs=$runs -seed=1 -dict="$1.dict" $(sed -n 's/^\(max_len\|timeout\) = /-\1=/p' "$1.options") \
    -artifact_prefix="$scratch/" "$scratch" "$work/seeds"
  run $profile ASAN_OPTIONS=$cluster_asan UBSAN_OPTIONS=$cluster_ubsan -- "$1" -runs=$runs -seed=2 \
    -artifact_prefix="$scratch/" "$work/seeds"
}

# A target that brings a kernel tree has what that was compiled to: there is no compiler where it runs.
check_tree() { # TARGET
  local cache=$work/scratch/cache
  rm -rf "$work/scratch" && mkdir -m 777 "$work/scratch"
  run TPFUZZ_CACHE="$cache" PATH=/nowhere -- "$1" -runs=10 -seed=1
  [ ! -e "$cache" ] || fail "$1: it was compiled again: $(ls "$cache")"
}

make_image
for sanitizer in "${@:-address}"; do
  [ -n "${sanitizer_flags[$sanitizer]+known}" ] || fail "expected address, undefined, coverage or none"
  play_builder
  moved=$work/$sanitizer/moved
  mv "$OUT" "$moved"
  mv "$WORK" "$work/$sanitizer/gone"
  targets=()
  for target in "$moved"/*_fuzzer; do
    check_flags "$target"
    check_libraries "$target"
    check_options "$target"
    check_runs "$target"
    [[ $target != *kernel* ]] || check_tree "$target"
    targets+=("$(basename "$target")")
  done
  for expected in registration_{231264d,cookies,worker,iterator,cookies-own,kernel}_fuzzer stress_fuzzer; do
    [[ " ${targets[*]} " = *" $expected "* ]] || fail "expected the target $expected"
  done
  echo "$sanitizer: ${targets[*]}"
done
