#!/bin/bash -eu
# Builds the targets for OSS-Fuzz and ClusterFuzzLite: what is compiled how, and with which engine, says the environment
# (CXX, CXXFLAGS, LIB_FUZZING_ENGINE; SRC, WORK, OUT). A target TARGET goes to $OUT with TARGET_seed_corpus.zip, TARGET.dict
# and TARGET.options. A kernel tree in $SRC/linux, or where TPFUZZ_KERNEL says, gives registration_kernel_fuzzer, with the files
# of the tree that are under test, and with what they were compiled to, in registration_kernel_fuzzer.tree.
if [ "${ARCHITECTURE:-x86_64}" != x86_64 ]; then
  echo "build.sh: expected ARCHITECTURE=x86_64, whose call sites are patched; found '$ARCHITECTURE'" >&2
  exit 2
fi
project=$SRC/tpfuzz
build=$WORK/build
cd "$WORK" # a coverage build's programs write their profiles to where they run

tree=${TPFUZZ_KERNEL:-$SRC/linux}
[ -e "$tree/kernel/tracepoint.c" ] || tree=
if [ -z "$tree" ] && [ -n "${TPFUZZ_KERNEL:-}" ]; then
  echo "build.sh: expected a kernel tree in TPFUZZ_KERNEL, found '$TPFUZZ_KERNEL'" >&2
  exit 2
fi

cmake -G Ninja -S "$project" -B "$build" -DCMAKE_BUILD_TYPE= -DTPFUZZ_FUZZING_ENGINE="$LIB_FUZZING_ENGINE" \
  -DTPFUZZ_CLUSTER_TREE="${tree:+ON}"
cmake --build "$build" --target cluster

mkdir -p "$WORK/seeds"
find "$project/corpus" -name '*.seq' -exec "$build/bin/seed_corpus" "$WORK/seeds" {} +
(cd "$WORK/seeds" && cmake -E tar cf "$WORK/seeds.zip" --format=zip -- *)
"$build/bin/dictionary" >"$WORK/dict"
for target in "$build"/targets/*; do
  name=$(basename "$target")
  cp "$target" "$OUT/$name"
  cp "$WORK/seeds.zip" "$OUT/${name}_seed_corpus.zip"
  cp "$WORK/dict" "$OUT/$name.dict"
  { echo "[libfuzzer]" && sed 's/=/ = /' "$project/fuzz/target/limits" && echo "dict = $name.dict"; } >"$OUT/$name.options"
done

# Where the target runs there is no compiler: what its first run makes goes with it.
if [ -n "$tree" ]; then
  packed=$OUT/registration_kernel_fuzzer.tree
  made=.tpfuzz-none
  [ "$SANITIZER" != address ] || made=.tpfuzz-address
  for file in Makefile kernel/tracepoint.c include/linux/{tracepoint,tracepoint-defs,static_call_types}.h; do
    [ ! -e "$tree/$file" ] || install -D -m 644 "$tree/$file" "$packed/$file"
  done
  TPFUZZ_CACHE=$WORK/kernel "$OUT/registration_kernel_fuzzer" -runs=0
  install -d "$packed/$made"
  cp "$WORK"/kernel/*/{tree.so,protocol-1} "$packed/$made/"
  chmod -R a+rX "$packed"
fi
