#!/usr/bin/env bash
# Runs the benchmarks, adds their figures to the history, and writes BENCHMARKS.md. Leave the machine alone meanwhile.
# fuzz/bench/measure.sh [--page]    --page: writes BENCHMARKS.md from the history and measures nothing
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."

history=fuzz/bench/history.jsonl
measures=1
case "${1:-}" in
  --page) measures= ;;
  -h | --help)
    echo "usage: fuzz/bench/measure.sh [--page]    runs core_bench and harness_bench, three minutes, adds a line to $history"
    echo "and writes BENCHMARKS.md from it; --page: writes it only"
    exit 0
    ;;
  ?*)
    echo "measure.sh: expected --page or nothing, found '$1'" >&2
    exit 2
    ;;
esac

more=()
. ./.ci/install
build release core_bench harness_bench benchmarks_page registration_fuzzer empty_fuzzer
new=()
if [ -n "$measures" ]; then
  for preset in asan tsan; do build "$preset" registration_fuzzer empty_fuzzer; done
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  # Not --benchmark_out: a benchmark's NaN is no JSON, and core_bench leaves them out of what it prints.
  echo "tpfuzz: core_bench"
  build/release/bin/core_bench --benchmark_format=json >"$work/core"
  echo "tpfuzz: harness_bench"
  build/release/bin/harness_bench --seeds 0 '--benchmark_filter=-^explore/' --benchmark_repetitions=5 --benchmark_enable_random_interleaving=true \
    --benchmark_format=json >"$work/harness"
  commit=$(git rev-parse --short HEAD)
  git diff --quiet HEAD -- core fuzz ":!$history" || commit+=" and changes"
  model=$(sed -n '/^model name/{s/^[^:]*: *//p;q}' /proc/cpuinfo)
  compiler=$(clang++-19 --version | sed -n '1s/.*clang version \([0-9.]*\).*/clang \1/p')
  machine="$(nproc) cores of \"$model\", $(. /etc/os-release && echo "$PRETTY_NAME"), $compiler"
  new=(--add "$work/core" "$work/harness" --commit "$commit" --machine "$machine")
fi
build/release/bin/benchmarks_page --history "$history" "${new[@]}" -o BENCHMARKS.md
echo "tpfuzz: BENCHMARKS.md"
