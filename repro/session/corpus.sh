# What becomes of the corpus: minimised, and measured. Sourced by fuzz.sh.

# Keeps as few inputs as have all the features of the corpus, and of the directories given. libFuzzer chooses them into a fresh
# directory; those that are not there yet are moved in, and only then the others go: whenever it is killed, nothing is lost.
merge_corpus() {
  local options before path links=()
  before=$(inputs)
  rm -rf "$corpus".merged
  mkdir "$corpus".merged
  mapfile -t options < <(ignored)
  # libFuzzer starts a process for it, by a command line whose spaces are all between arguments.
  for path in "$fuzzer" "$corpus".merged "$corpus" "${given_corpora[@]}"; do
    ln -s "$(realpath "$path")" "$work/link-${#links[@]}"
    links+=("$work/link-${#links[@]}")
  done
  # And that ends with this script: it must not write into the directory of the next. With a max_len it would look at the
  # first bytes of what is longer only, and drop it for what the others have of those.
  setpriv --pdeathsig KILL "${links[0]}" --protocol "$protocol" "${options[@]}" "${limits[@]}" -max_len=0 -merge=1 \
    "${given_flags[@]}" "${links[@]:1}" >"$work/log" 2>&1 9>&- || { tail -n 5 "$work/log" >&2; exit 2; }
  for path in "$corpus".merged/*; do [ ! -e "$path" ] || basename "$path"; done >"$work/chosen"
  if [ ! -s "$work/chosen" ] && [ "$before" -gt 0 ]; then
    echo "fuzz.sh: nothing was chosen of $before inputs; they stay" >&2
    exit 2
  fi
  find "$corpus".merged -type f -exec mv -t "$corpus" {} +
  find "$corpus" -maxdepth 1 -type f -printf '%f\n' | grep -vxFf "$work/chosen" | (cd "$corpus" && xargs -r -d '\n' rm --) || true
  rmdir "$corpus".merged
  echo "tpfuzz: merged: $before -> $(inputs) inputs in $corpus"
}

# What of the core the corpus covers, by llvm-cov.
measure_coverage() {
  local options binary=build/coverage/bin/registration_fuzzer
  echo "tpfuzz: measuring the code coverage of $(inputs) inputs"
  (build coverage registration_fuzzer) || return 0 # it has said why; the report does without
  mapfile -t options < <(ignored)
  LLVM_PROFILE_FILE=$work/profile "$binary" --protocol "$protocol" "${options[@]}" -runs=0 -timeout=60 \
    -artifact_prefix="$work/" "$corpus" >"$work/log" 2>&1 9>&- &&
    llvm-profdata-19 merge -o "$work/merged" "$work/profile" &&
    llvm-cov-19 export -summary-only -instr-profile="$work/merged" "$binary" core/ >"$work/coverage" || {
    tail -n 5 "$work/log" >&2
    echo "tpfuzz: the code coverage could not be measured" >&2
    return 0
  }
  sed "s|\"$PWD/|\"|g" "$work/coverage" >"$state/coverage.json.new"
  mv "$state/coverage.json.new" "$state/coverage.json"
}
