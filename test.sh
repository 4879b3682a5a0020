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
# Kernel trees, where they can be had: without them their tests are skipped.
for tree in linux-source-6.1 linux-source-6.12; do
  if [ "$(id -u)" -eq 0 ] && [ ! -e "/usr/src/$tree.tar.xz" ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$tree" >/dev/null 2>&1 || echo "tpfuzz: no $tree"
  fi
done
presets=("$@")
[ ${#presets[@]} -gt 0 ] || presets=(release strict)

for preset in "${presets[@]}"; do
  build "$preset"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)"
done
