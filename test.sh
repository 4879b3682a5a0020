#!/usr/bin/env bash
# Builds and tests everything: the release build and the build under AddressSanitizer + UndefinedBehaviorSanitizer.
# ./test.sh [PRESET...]    presets: release strict asan tsan coverage
set -euo pipefail
cd "$(dirname "$0")"

case "${1:-}" in
  -h | --help)
    echo "usage: ./test.sh [PRESET...]    installs what is missing, builds and tests; presets: release strict (the default two), asan, tsan, coverage"
    exit 0
    ;;
esac

more=(chromium) # opens the pages that `repro show` draws
. ./.ci/install
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(release strict)

for preset in "${presets[@]}"; do
  build "$preset"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)"
done
