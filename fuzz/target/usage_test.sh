#!/usr/bin/env bash
# usage_test.sh FUZZ_SH: each mistake on the command line of fuzz.sh is one line, and exit code 2, before anything is built.
set -uo pipefail
failed=0
refused() { # EXPECTED_PART ARGUMENT...
  local expected=$1 output status
  shift
  output=$("$fuzz" "$@" 2>&1 </dev/null)
  status=$?
  if [ $status -ne 2 ] || [ "$(wc -l <<<"$output")" -ne 1 ] || [[ $output != *"$expected"* ]]; then
    echo "fuzz.sh $*: exit $status, expected one line with \"$expected\", exit 2; printed:"
    echo "$output"
    failed=1
  fi
}
fuzz=$1
refused "expected a number from 1 on after --seconds, found 'x'" --seconds x
refused "expected a number from 1 on after --jobs, found '0'" --jobs 0
refused "expected a value after --protocol" --protocol
refused "expected address, thread or none after --sanitizer, found 'memory'" --sanitizer memory
refused "expected a kernel tree or its tarball after kernel:, found '/nowhere': No such file or directory;" --subject kernel:/nowhere
refused "expected a kernel tree or its tarball after kernel:, found '/nowhere': No such file or directory;" --protocol kernel:/nowhere
refused "expected no other protocol with kernel:DIR, found 'cookies'" --subject kernel:/ --protocol cookies
refused "expected --engine libfuzzer with kernel:DIR" --subject kernel:/ --engine afl
refused "expected kernel:DIR with --config" --config preempt-rt
refused "expected libfuzzer or afl after --engine, found 'honggfuzz'" --engine honggfuzz
refused "expected --jobs 1 with --engine afl" --engine afl --jobs 2
refused "expected address or none after --sanitizer with --engine afl, found 'thread'" --engine afl --sanitizer thread
refused "expected ordinary or both after --readers, found 'faultable'" --readers faultable
refused "unknown option '--fast'; see" --fast
refused "unknown option '--protocl'; did you mean '--protocol'?; see" --protocl
refused "expected a corpus directory, found '/nowhere'" -- /nowhere
refused "expected a value after --corpus" --corpus
refused "expected a path without quotes after --findings, found 'a\"b'" --findings 'a"b'
refused "expected a DEDUP_TOKEN, in quotes, after --ignore, found 'pairing-1-'" --ignore pairing-1-
refused "expected a file in a directory that exists after --report, found '/nowhere/page.html'" --report /nowhere/page.html
refused "expected a built directory after --build, found '/nowhere', which has no bin/registration_fuzzer" --build /nowhere
half=$(mktemp -d)
trap 'rm -rf "$half"' EXIT
mkdir "$half/bin" && touch "$half/bin/registration_fuzzer" "$half/CMakeCache.txt"
refused "found '$half', which has no bin/repro" --build "$half"
"$fuzz" --version | grep -qE '^tpfuzz [0-9.]+, commit [^ ,]+, .' || { echo "no --version"; failed=1; }
"$fuzz" --help | grep -q "^usage: " || { echo "no --help"; failed=1; }
exit $failed
