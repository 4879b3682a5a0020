#!/usr/bin/env bash
# other_system_test.sh SOURCE_DIR: on a system that is not Debian 12 fuzz.sh installs nothing: it goes on if what the build needs
# is there, and else ends with 2 and the names of what lacks. The system is made up; what is there is this machine's.
set -euo pipefail
source=$1
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
printf 'ID=fedora\nVERSION_ID=41\nPRETTY_NAME="Fedora Linux 41"\n' >"$temporary/os-release"
mkdir "$temporary/empty"
bash=$(command -v bash)
cd "$source"

# expect CODE WORDS PATH
expect() {
  local output code=0
  output=$(TPFUZZ_OS_RELEASE="$temporary/os-release" PATH=$3 "$bash" -euo pipefail -c 'more=(); . ./.ci/install' 2>&1) || code=$?
  if [ $code != "$1" ] || [[ $output != *"Fedora Linux 41"*"$2"* ]]; then
    printf 'expected exit code %s and "%s" with PATH=%s, found exit code %s:\n%s\n' "$1" "$2" "$3" "$code" "$output" >&2
    exit 1
  fi
}
expect 0 "all that the build needs is there" "$PATH"
expect 2 "the program clang++-19 (clang-19)" "$temporary/empty"
expect 2 "the header urcu/urcu-memb.h (liburcu-dev)" "$temporary/empty"
