#!/usr/bin/env bash
# Tries all mutants in the release build, and under both sanitizers those that no build before has found, and writes
# fuzz/mutants/MUTANTS.md: about an hour.
# fuzz/mutants/table.sh [OPTION...]      OPTIONs of `mutants`: --executions N --seeds N --jobs N
# fuzz/mutants/table.sh --page FILE...   writes the page of what `mutants --json` has printed, and tries nothing
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/../.."

case "${1:-}" in
  -h | --help)
    echo "usage: fuzz/mutants/table.sh [OPTION...]    runs mutants in the builds release, asan and tsan, in each what none before has"
    echo "found, with OPTIONs of mutants, and writes fuzz/mutants/MUTANTS.md; --page FILE...: from what mutants --json has printed; exit code 1 if one is missed"
    echo "without a reason"
    exit 0
    ;;
esac

more=()
. ./.ci/install
results=()
if [ "${1:-}" = --page ]; then
  build release mutants
  results=("${@:2}")
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  for preset in release asan tsan; do
    build "$preset" mutants
    code=0
    "build/$preset/bin/mutants" --json ${results[0]:+--except "${results[@]}"} "$@" >"$work/$preset.json" || code=$?
    [ $code -le 1 ] || exit $code # what one build misses another may find
    results+=("$work/$preset.json")
  done
fi

page=fuzz/mutants/MUTANTS.md
code=0
table=$(build/release/bin/mutants --page "${results[@]}") || code=$?
cat >"$page" <<END
# What finds each mutant

Made by \`fuzz/mutants/table.sh\`. A mutant is a mistake in the core, as data (\`fuzz/mutants/*.mutants\`). One build has all
of them; \`mutants\` switches on one at a time and tries the finders one after the other, each in a fresh process:

| finder | is | the number counts |
|---|---|---|
| \`lockstep\` | sequences from nothing and changes of them, under \`cookies\` and, in every other turn, other correct protocols | executions |
| \`core test\` | the core's own tests; those that take seconds (\`slow core test\`) come last | tests |
| \`threads\`, \`stress\` | the same search with these engines | executions |

A cell says which finder was the first that found anything, what it saw (an invariant, a sanitizer's report, a test, a signal), and
after how many executions or tests. The builds of the sanitizers try what no build before has found. An empty cell: nothing in
this build, or found before; or this build can't, as the mutant says. Executions of \`threads\` and \`stress\`, and those of a
finder that is stuck ("hang"), are not the same on each run.

$(tail -n 1 <<<"$table").

$(head -n -2 <<<"$table")
END
tail -n 1 <<<"$table"
exit $code
