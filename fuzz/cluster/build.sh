#!/bin/bash -eu
# Builds the targets for OSS-Fuzz and ClusterFuzzLite: what is compiled how, and with which engine, says the environment
# (CXX, CXXFLAGS, LIB_FUZZING_ENGINE; SRC, WORK, OUT). A target TARGET goes to $OUT with TARGET_seed_corpus.zip, TARGET.dict
# and TARGET.options.
if [ "${ARCHITECTURE:-x86_64}" != x86_64 ]; then
  echo "build.sh: expected ARCHITECTURE=x86_64, whose call sites are patched; found '$ARCHITECTURE'" >&2
  exit 2
fi
project=$SRC/tpfuzz
build=$WORK/build
cd "$WORK" # a coverage build's programs write their profiles to where they run

cmake -G Ninja -S "$project" -B "$build" -DCMAKE_BUILD_TYPE= -DTPFUZZ_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
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
