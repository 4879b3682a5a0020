#!/usr/bin/env bash
# Builds and tests everything: the release build and the build under AddressSanitizer + UndefinedBehaviorSanitizer.
# ./test.sh [PRESET...]    presets: release asan tsan coverage
set -euo pipefail
cd "$(dirname "$0")"

case "${1:-}" in
  -h | --help)
    echo "usage: ./test.sh [PRESET...]    installs what is missing, builds and tests; presets: release asan (the default two), tsan, coverage"
    exit 0
    ;;
esac

more=(chromium) # opens the pages that `repro show` draws
. ./.ci/install
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(release asan)

for preset in "${presets[@]}"; do
  build "$preset"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)"
done
