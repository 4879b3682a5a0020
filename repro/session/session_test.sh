#!/usr/bin/env bash
# session_test.sh FUZZ_SH BUILD CASE [N]: fuzz.sh with the programs of BUILD. Cases: goes_on, on_terminal, watched, interrupted,
# interrupted_inside, told_late, failed, merged, moved, depends, killed N (times). How long anything takes decides nothing: runs end by -runs, or are stopped once they have told something.
set -uo pipefail
fuzz=$1
build=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/a session.XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $1"
  [ ! -e "$work/log" ] || tail -n 60 "$work/log"
  exit 1
}
expect() { grep -qE "$1" "$work/log" || fail "expected in the output: $1"; } # PATTERN
expect_known() { expect "^tpfuzz: known: ${1//+/[+]} ${2:-}"; }  # TOKEN [PATTERN]: a + in TOKEN is a plus
fuzzes() { "$fuzz" --build "$build" --findings "$work/findings" "$@" >"$work/log" 2>&1; }
told() { sed -n 's/^DEDUP_TOKEN: //p' "$1" | sort; } # LOG
repro() { "$build/bin/repro" "$@"; }
inputs() { find "$work/findings/$1/corpus" -type f ! -name '*.tmp' | wc -l; }

# Everything of the corpus and each raw finding holds what its name says: its SHA-1; of a finding, of what stands before the
# record of its subject, which is there whole (fuzz/sequence/input.h).
expect_whole() {
  local sum path trailer
  while read -r sum path; do
    [[ $path == *"$sum" ]] || fail "$path is not whole"
  done < <(find "$work/findings" -type f -path '*/corpus/*' ! -name '*.tmp' -exec sha1sum {} +)
  while IFS= read -r path; do
    trailer=$(LC_ALL=C grep -abo '^# tpfuzz: found under$' "$path" | tail -n 1 | cut -d : -f 1)
    [ -n "$trailer" ] || fail "$path has no record of its subject"
    sum=$(head -c $((trailer - 3)) "$path" | sha1sum | cut -d ' ' -f 1)
    [[ $path == *"$sum" ]] || fail "$path is not whole"
    [[ $(tail -c +$((trailer + 1)) "$path" | sed 1d) == "subject "* ]] || fail "the record of $path is not whole"
  done < <(find "$work/findings" -type f -name 'crash-*')
}

# The line of VERB that tells the verdict.
verdict_of() { repro "$@" | grep -E '^tpfuzz: (VIOLATION|clean) '; } # VERB FILE

token_of() { # FILE
  verdict_of run "$1" | sed 's/.*invariant=\(.*\) transition=\(.*\) point=\(.*\) .*/\1-\2-\3/'
}

# Each finding told in LOG has its line, and a file that shows it.
expect_kept() { # LOG
  local token file
  for token in $(told "$1"); do
    file=$work/findings/$(sed -n "s/.*\"token\":\"$token\".*\"artifact\":\"\([^\"]*\)\".*/\1/p" "$work/findings/d25e37d/findings.jsonl")
    [ -f "$file" ] || fail "$token was told, and is not in findings.jsonl"
    [ "$(token_of "$file")" = "$token" ] || fail "$token was told, and $file does not show it"
  done
}

goes_on() {
  mkdir "$work/findings"
  : >"$work/findings/.d25e37d-pairing-1-to-2-loaded.seq.1.minimal" # of a run that was killed
  fuzzes --protocol d25e37d --jobs 2 --seconds 600 -- -runs=3000 -seed=1
  [ $? = 1 ] || fail "expected exit code 1"
  expect '^tpfuzz: protocol=d25e37d sanitizer=[a-z]+ execs=[1-9][0-9]* execs_per_s=[0-9]+ findings=[1-9][0-9]* artifact=.*/findings/crash-[0-9a-f]{40}$'
  expect '^tpfuzz: report: .*/findings/d25e37d/report.html$'
  grep -q 'aria-label="tpfuzz: VIOLATION' "$work/findings/d25e37d/report.html" || fail "no diagram in the report"
  [ -z "$(told "$work/log" | uniq -d)" ] || fail "a finding was told twice"
  expect_kept "$work/log"
  expect_whole
  bash -c "$(sed -n 's/^replay: //p' "$work/log" | head -n 1)" >"$work/replayed"
  [ $? = 1 ] || fail "the first replay does not violate: $(cat "$work/replayed")"
  local token
  for token in $(told "$work/log"); do # minimised, and the same
    [ "$(token_of "$work/findings/d25e37d-${token//->/-to-}.seq")" = "$token" ] || fail "no sequence of $token"
    [ -z "$(find "$work/findings" -name ".d25e37d-${token//->/-to-}.seq.*")" ] || fail "something half-made of $token is left"
  done
  cp "$work/log" "$work/first"
  taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "$fuzz" --build "$build" --findings "$work/auto" --jobs auto --no-report \
    -- -runs=10 >"$work/log" 2>&1 || fail "expected exit code 0 of --jobs auto"
  expect ' jobs=1$'
  fuzzes --jobs none
  [ $? = 2 ] || fail "expected exit code 2 of --jobs none"
  local before after
  before=$(repro progress "$work/findings/d25e37d/progress")
  fuzzes --protocol d25e37d --seconds 600 --report "$work/report.html" -- -runs=3000 -seed=2
  [ $? = 1 ] || fail "expected exit code 1: what is known counts"
  expect '^tpfuzz: goes on behind [1-9][0-9]* executions, with [1-9][0-9]* inputs and [1-9][0-9]* findings$'
  for token in $(told "$work/first"); do
    expect_known "$token"
    [[ " $(told "$work/log" | tr '\n' ' ') " != *" $token "* ]] || fail "$token was told as new again"
  done
  expect_kept "$work/first"
  "$fuzz" --build "$build" --findings "$work/findings" --protocol d25e37d --json -- -runs=100 >"$work/summary" 2>"$work/log"
  [ $? = 1 ] || fail "expected exit code 1 with --json"
  [ "$(wc -l <"$work/summary")" = 1 ] || fail "expected one object on standard output: $(cat "$work/summary")"
  grep -qE '^\{"protocol":"d25e37d",.*"execs":[1-9].*"findings":\[\{"file":"crash-.*"verdict":"violation"' "$work/summary" ||
    fail "expected a summary: $(cat "$work/summary")"
  expect '^tpfuzz: protocol=d25e37d '
  after=$(repro progress "$work/findings/d25e37d/progress")
  [ "${after//[!0-9 ]/}" != "${before//[!0-9 ]/}" ] || fail "the executions do not go on: $before, $after"
  [ -s "$work/report.html" ] || fail "no report where it was asked for"
  [ "$(grep -c '"commit":".*"seed":[12],' "$work/findings/d25e37d/runs.jsonl")" = 2 ] || fail "not each run has recorded what it was made with"
  grep -q '<td>commit ' "$work/report.html" || fail "the report does not say what it was made with"
  # The same findings are none under a protocol that is right.
  mkdir "$work/findings/cookies"
  cp "$work/findings/d25e37d/findings.jsonl" "$work/findings/cookies"
  fuzzes --seconds 600 --no-report -- -runs=300 || fail "expected exit code 0"
  expect '^tpfuzz: no finding any more: '
  expect '^tpfuzz: protocol=cookies sanitizer=[a-z]+ execs=[0-9]+ execs_per_s=[0-9]+ findings=0 artifact=none$'
  ! grep -q 'report:' "$work/log" || fail "a report in spite of --no-report"
  fuzzes --protocol nosuch
  [ $? = 2 ] || fail "expected exit code 2"
  expect '^nosuch: expected the name of a protocol or a puzzle '
  [ ! -e "$work/findings/nosuch" ] || fail "a protocol that there is not left something"
}

# Starts a fuzz.sh, `pid`, in a process group of its own. (Behind & a shell has SIGINT ignored.)
start() {
  : >"$work/log"
  setsid env --default-signal=INT "$fuzz" --build "$build" --findings "$work/findings" "$@" >"$work/log" 2>&1 9>&- &
  pid=$!
}

# Kills it and all that it started. It may be no group yet, or have ended by itself.
kill_all() {
  until kill -KILL -- -"$pid" 2>/dev/null || ! kill -0 "$pid" 2>/dev/null; do sleep 0.01; done
  wait "$pid" 2>/dev/null
}
wait_for() { # PATTERN
  until grep -qE "$1" "$work/log"; do
    kill -0 "$pid" 2>/dev/null || fail "ended before it printed: $1"
    sleep 0.1
  done
}

# Runs COMMAND on a terminal of 24 rows of 80 columns, in a shell that outlives a Ctrl-C, and keeps in LOG what that shows.
# Each byte of standard input is a key. What of the terminal's settings changed stands in $work/changed.
on() { # LOG COMMAND
  TERM=xterm script -qefc "trap : INT; stty rows 24 cols 80; stty -a >'$work/before'; $2; echo \"exit code \$?\"
    stty -a | diff '$work/before' - >'$work/changed'" "$1" >/dev/null
}
until_shown() { until grep -q "$2" "$1" 2>/dev/null; do sleep 0.1; done; } # LOG PATTERN
screen=$'\033\\[H'

# One screen while it works; then what a program reads, too. The terminal is as it was, and a Ctrl-C is no exception.
on_terminal() {
  local command="'$fuzz' --build '$build' --findings '$work/findings' --protocol d25e37d --no-report"
  command -v script >/dev/null || { echo "no script(1) here" && exit 77; }
  on "$work/log" "$command --seconds 600 -- -runs=1000 -seed=1" </dev/null
  expect "$screen.*tpfuzz: .*fuzzing d25e37d"
  expect '  interleavings  [0-9]+ of at most [0-9]+'
  ! grep -qE '^tpfuzz: [0-9]+ s  execs=' "$work/log" || fail "lines between the screens"
  [ "$(sed -n '/^DEDUP_TOKEN: /=' "$work/log" | head -n 1)" -gt "$(grep -nE "$screen" "$work/log" | tail -n 1 | cut -d : -f 1)" ] ||
    fail "what was told stands above the last screen"
  expect '^tpfuzz: why: '
  expect 'tpfuzz: protocol=d25e37d .* findings=[1-9]'
  expect '^exit code 1'
  expect $'\033\\[31m'
  [ ! -s "$work/changed" ] || fail "the terminal has changed: $(cat "$work/changed")"
  ! grep -q $'\033\\[?' "$work/log" || fail "a mode of the terminal was set"
  (until_shown "$work/no colours" "$screen" && printf '\003') | NO_COLOR=1 on "$work/no colours" "$command --seconds 6000"
  cp "$work/no colours" "$work/log"
  expect '^tpfuzz: known: '
  expect "$screen"
  ! grep -q $'\033\\[[0-9;]*m' "$work/log" || fail "colours in spite of NO_COLOR"
  expect 'tpfuzz: protocol=d25e37d .* findings=[1-9]'
  expect '^exit code 1'
  [ ! -s "$work/changed" ] || fail "a Ctrl-C has changed the terminal: $(cat "$work/changed")"
}

watched() {
  local pid viewer
  command -v script >/dev/null || { echo "no script(1) here" && exit 77; }
  start --protocol d25e37d --seconds 6000 --ignore 'text-none-none'
  wait_for '^replay: '
  local state=$work/findings/d25e37d
  repro watch "$state" >"$work/watched" || fail "expected exit code 0 of repro watch"
  grep -qE '^tpfuzz: fuzzing protocol=d25e37d sanitizer=[a-z]+ seconds=6000 jobs=1$' "$work/watched" || fail "$(cat "$work/watched")"
  grep -qE '^tpfuzz: found: [a-z]+-.* operations?.*  file: .*  why: .*\.$' "$work/watched" || fail "$(cat "$work/watched")"
  [ "$(repro watch --json "$state" | grep -c '"state":"fuzzing".*"findings":\[{"file":.*"explanation":"')" = 1 ] || fail "no JSON"
  on "$work/view" "'$build/bin/repro' watch '$state'" </dev/null &
  viewer=$!
  until_shown "$work/view" 'Ctrl-C ends the view'
  bash -c "kill -INT $pid"
  wait "$pid"
  wait "$viewer" # it ends with the session
  cp "$work/view" "$work/log"
  expect "$screen.*tpfuzz: .*fuzzing d25e37d"
  expect 'tpfuzz: ended protocol=d25e37d '
  expect '^tpfuzz: found: '
  expect '^exit code 0'
  repro watch "$work" >"$work/log" 2>&1
  [ $? = 2 ] || fail "expected exit code 2 of what is no session"
  expect ': expected a directory that fuzz.sh made'
}

interrupted() {
  local signal pid i
  for signal in INT TERM; do
    start --jobs 2 --seconds 6000
    wait_for '^tpfuzz: [0-9]+ s  execs=[0-9]+  execs_per_s=[0-9]+  corpus=[1-9][0-9]*  interleavings=[1-9][0-9]*/[0-9]+  findings=0$'
    "$fuzz" --build "$build" --findings "$work/findings" >"$work/second" 2>&1 && fail "two at a time"
    grep -q 'another fuzz.sh is at work' "$work/second" || fail "$(cat "$work/second")"
    bash -c "kill -$signal $pid"
    wait "$pid" || fail "expected exit code 0, is $?"
    expect '^tpfuzz: report: '
    expect '^tpfuzz: protocol=cookies .* findings=0 artifact=none$'
    # A symbolizer reads to the end of what its fuzzer has asked, and ends.
    for ((i = 0; i < 100; ++i)); do pgrep -r D,R,S,T -s "$pid" >/dev/null || break; sleep 0.1; done
    ! pgrep -r D,R,S,T -s "$pid" >/dev/null || fail "still runs: $(pgrep -r D,R,S,T -a -s "$pid")"
  done
  expect '^tpfuzz: goes on behind '
}

# A Ctrl-C while a program runs that fuzz.sh asks something: it gets the signal, too. Nothing is lost, and all is told.
interrupted_inside() {
  local pid verb token programs=$work/programs
  fuzzes --protocol d25e37d --seconds 600 -- -runs=3000 -seed=1
  cp "$work/log" "$work/first"
  mkdir -p "$programs/bin"
  cp "$build/CMakeCache.txt" "$programs"
  ln -s "$build/bin/registration_fuzzer" "$programs/bin"
  for verb in run witness; do
    rm -f "$work"/findings/*.seq # so that there is something to minimise
    cat >"$programs/bin/repro" <<REPRO
#!/bin/bash
if [ "\$1" = $verb ] && [ ! -e "$work/done" ]; then
  touch "$work/done"
  kill -INT 0
fi
exec "$build/bin/repro" "\$@"
REPRO
    chmod +x "$programs/bin/repro"
    build=$programs start --protocol d25e37d --seconds 6000
    wait "$pid"
    [ $? = 1 ] || fail "$verb: expected exit code 1"
    [ -e "$work/done" ] || fail "$verb was not called"
    rm "$work/done"
    for token in $(told "$work/first"); do expect_known "$token"; done
    expect '^tpfuzz: protocol=d25e37d .* findings=[1-9][0-9]* artifact='
    expect_kept "$work/first"
  done
}

# A fuzzer that is about to tell a finding when fuzz.sh is stopped: it counts.
told_late() {
  local pid programs=$work/programs witness
  witness=$(dirname "$fuzz")/corpus/regressions/d25e37d/pairing-0-to-1-loaded.seq
  mkdir -p "$programs/bin"
  cp "$build/CMakeCache.txt" "$programs"
  ln -s "$build/bin/repro" "$programs/bin"
  cat >"$programs/bin/registration_fuzzer" <<FUZZER
#!/bin/bash
echo "tpfuzz: VIOLATION invariant=pairing transition=0->1 point=loaded protocol=d25e37d"
echo "DEDUP_TOKEN: pairing-0->1-loaded"
touch "$work/begun"
sleep 1 # a sanitizer looks for the names of the functions
sed "/^subject /d; 1a subject d25e37d" "$witness" >"$work/findings/crash-1"
echo "artifact_prefix='$work/findings/'; Test unit written to $work/findings/crash-1"
exit 77
FUZZER
  chmod +x "$programs/bin/registration_fuzzer"
  build=$programs start --protocol d25e37d --seconds 6000
  until [ -e "$work/begun" ]; do sleep 0.1; done
  kill -TERM "$pid"
  wait "$pid"
  [ $? = 1 ] || fail "expected exit code 1"
  expect '^DEDUP_TOKEN: pairing-0->1-loaded$'
  expect '^tpfuzz: protocol=d25e37d .* findings=1 artifact=.*/crash-1$'
  expect_kept "$work/log"
}

# Exit code 1 means a finding: whatever goes wrong on the way is none.
failed() {
  mkdir -p "$work/findings/cookies/history.jsonl"
  fuzzes --seconds 600 -- -runs=100
  [ $? = 2 ] || fail "expected exit code 2: nothing can be written to history.jsonl"
}

interleavings() { # how many the corpus meets: libFuzzer's own count of features varies a little from run to run
  rm -f "$work/met"
  "$build/bin/registration_fuzzer" --progress "$work/met" -runs=0 "$work/findings/cookies/corpus" >/dev/null 2>&1
  repro progress "$work/met" | sed 's/.*interleavings=\([0-9]*\).*/\1/'
}

merged() {
  local before had
  fuzzes --seconds 600 --no-report -- -runs=3000 -seed=1 "$(dirname "$fuzz")/corpus/seeds" || fail "expected exit code 0"
  cp "$(dirname "$fuzz")"/corpus/seeds/*.seq "$work/findings/cookies/corpus"
  before=$(inputs cookies) had=$(interleavings)
  local i pid
  for ((i = 0; i < ${1:-2}; ++i)); do # a kill in the middle loses nothing
    start --merge
    sleep "0.$((RANDOM % 10))"
    kill_all
    [ "$(interleavings)" = "$had" ] || fail "$had interleavings before a kill, $(interleavings) behind it"
  done
  fuzzes --merge || fail "expected exit code 0"
  expect '^tpfuzz: merged: [0-9]+ -> [0-9]+ inputs in '
  [ "$(inputs cookies)" -lt "$before" ] || fail "$before inputs became $(inputs cookies)"
  [ "$(interleavings)" = "$had" ] || fail "$had interleavings became $(interleavings)"
}

# What a session has told of SUBJECT, as it was given, holds in a copy, without the original, and without --protocol.
expect_moved() { # SUBJECT DIRECTORY
  local directory=$work/copy/$2 verdict file
  fuzzes --protocol "$1" --seconds 600 -- -runs=1500 -seed=1
  [ $? = 1 ] || fail "expected exit code 1"
  expect "^tpfuzz: protocol=${2%-????????} .* findings=[1-9]"
  rm -rf "$work/copy" "$work/minimal.seq"
  mv "$work/findings" "$work/copy"
  [ ! -f "$1" ] || mv "$1" "$1.away"
  code=0
  python3 "$(dirname "$fuzz")/repro/ci/validate.py" "$(dirname "$fuzz")/docs/verdict.schema.json" <"$directory/findings.jsonl" || code=$?
  [ $code = 0 ] || [ $code = 77 ] || fail "findings.jsonl is not as docs/verdict.schema.json says"
  repro triage "$work/copy" >"$work/triaged" 2>/dev/null
  repro report "$directory" >"$work/page"
  while IFS= read -r line; do
    [[ $line =~ \"line\":\"([^\"]*)\".*\"artifact\":\"([^\"/]*)\".*\"sequence\":\"([^\"/]*)\" ]] || fail "no line of a finding: $line"
    verdict=${BASH_REMATCH[1]}
    [[ $verdict == *" protocol=${2%-????????}" ]] || fail "another name: $verdict"
    for file in "$work/copy/${BASH_REMATCH[2]}" "$work/copy/${BASH_REMATCH[3]}"; do
      [ "$(verdict_of run "$file")" = "$verdict" ] || fail "$file gives $(verdict_of run "$file"), and gave $verdict"
      [ "$(verdict_of show "$file")" = "$verdict" ] || fail "$file shows $(verdict_of show "$file")"
    done
    if [ ! -e "$work/minimal.seq" ]; then # of one finding, as it takes a while
      file=$work/copy/${BASH_REMATCH[2]}
      repro minimize --exact --timeout 2 "$file" -o "$work/minimal.seq" >/dev/null 2>&1
      [ "$(verdict_of run "$work/minimal.seq")" = "$verdict" ] || fail "$file minimised gives $(verdict_of run "$work/minimal.seq")"
    fi
    grep -qF "  $verdict  " "$work/triaged" || fail "triage does not tell $verdict"
    grep -qF "aria-label=\"${verdict//>/\&gt;}\"" "$work/page" || fail "the report does not show $verdict"
  done <"$directory/findings.jsonl"
  grep -qF "<title>tpfuzz: protocol=${2%-????????}</title>" "$work/page" || fail "the report has another title"
  repro run "$work/copy" >"$work/verdicts" 2>"$work/log"
  expect '^repro: skipped [0-9]+ files that are no sequences in '
  ! grep -E ': tpfuzz: (VIOLATION|clean) ' "$work/verdicts" | grep -vE " protocol=${2%-????????}$" || fail "not all run under $1"
  mv "$directory" "$work/alone"
  repro report "$work/alone" >"$work/log" 2>&1
  [ $? = 2 ] || fail "expected exit code 2 without the findings"
  expect "^$work/alone/findings.jsonl: expected .*crash-[0-9a-f]{40}"
  mv "$work/alone" "$directory"
  [ ! -f "$1.away" ] || mv "$1.away" "$1"
}

moved() {
  expect_moved d25e37d d25e37d
  expect_moved no-await no-await
  sed 's/^protocol .*/protocol mine/' "$(dirname "$fuzz")/core/protocols/d25e37d.protocol" >"$work/my file"
  expect_moved "$work/my file" "mine-$(sha1sum <"$work/my file" | cut -c 1-8)"
  # A session of an older version: paths, and nothing that says what was found under.
  local token old
  rm -rf "$work/findings"
  fuzzes --protocol d25e37d --seconds 600 --no-report -- -runs=1500 -seed=1
  rm "$work/findings/d25e37d/subject" "$work"/findings/*.seq
  sed -i "s|\"artifact\":\"|&/gone/|; s|\"sequence\":\"|&gone/|" "$work/findings/d25e37d/findings.jsonl"
  for old in "$work"/findings/crash-*; do
    sed -i '/^# tpfuzz: found under$/,$d' "$old"
    truncate -s -3 "$old"
  done
  cp "$work/log" "$work/first"
  fuzzes --protocol d25e37d --seconds 600 -- -runs=100 -seed=2
  for token in $(told "$work/first"); do
    expect_known "$token" " replay: [^ ]*/repro run --protocol d25e37d "
    [ "$(token_of "$work/findings/d25e37d-${token//->/-to-}.seq")" = "$token" ] || fail "no sequence of $token"
  done
  expect '^tpfuzz: report: '
  ! grep -q '/gone/' "$work/findings/d25e37d/findings.jsonl" || fail "it keeps paths that lead nowhere"
}

# A finding that depends on what ran before it says so, comes with that, and stays.
depends() {
  local token line file
  fuzzes --protocol keeps-state --seconds 600 --no-report -- -runs=300 -seed=1
  [ $? = 1 ] || fail "expected exit code 1"
  expect '^tpfuzz: it does not replay alone: it depends on inputs that ran before it, [1-9][0-9]*, in '
  cp "$work/log" "$work/first"
  line=$(grep '"alone":false' "$work/findings/keeps-state/findings.jsonl" | head -n 1)
  [[ $line =~ \"token\":\"([^\"]*)\".*\"artifact\":\"([^\"]*)\" ]] || fail "none that does not replay alone in findings.jsonl"
  token=${BASH_REMATCH[1]} file=$work/findings/${BASH_REMATCH[2]##*/}
  repro run --protocol keeps-state "$file" >"$work/log" || fail "it does replay alone"
  bash -c "$(sed -n "s/^replay: \(.*${file##*/}.*\.before\/.*\)/\1/p" "$work/first")" >"$work/log" 2>&1 && fail "its replay finds nothing"
  expect "^DEDUP_TOKEN: $token\$"
  fuzzes --protocol keeps-state --seconds 600 --no-report -- -runs=10 -seed=2
  [ $? = 1 ] || fail "expected exit code 1: it counts"
  expect_known "$token" " replay: .*\\.before/\\* "
  ! grep -q '^tpfuzz: no finding any more' "$work/log" || fail "something was dropped"
  [ ! -e "$work/findings/keeps-state-${token//->/-to-}.seq" ] || fail "it was minimised to what is clean"
  # The silent twin: what replays alone depends on nothing.
  fuzzes --protocol d25e37d --seconds 600 --no-report -- -runs=1000 -seed=1
  [ $? = 1 ] || fail "expected exit code 1"
  ! grep -q 'does not replay' "$work/log" || fail "it does replay"
  ! grep -q '"alone":false' "$work/findings/d25e37d/findings.jsonl" || fail "it does replay alone"
}

killed() {
  local i pid token
  : >"$work/all"
  for ((i = 0; i < $1; ++i)); do
    start --protocol d25e37d --jobs 2 --seconds 600
    [ "$i" -gt 0 ] || wait_for '^replay: '
    sleep "$((RANDOM % 4)).$((RANDOM % 10))"
    kill_all
    cat "$work/log" >>"$work/all"
    for token in $(told "$work/all"); do # also those of the kills before
      grep -q "\"token\":\"$token\"" "$work/findings/d25e37d/findings.jsonl" || fail "kill $i: $token is lost"
    done
    expect_whole
  done
  expect_kept "$work/all"
  ! pgrep -r D,R,S,T -f "$work/findings" >/dev/null || fail "something still runs"
  fuzzes --protocol d25e37d --seconds 600 -- -runs=3000 -seed=1
  [ $? = 1 ] || fail "expected exit code 1"
  for token in $(told "$work/all"); do expect_known "$token"; done
  echo "$1 kills; $(told "$work/all" | wc -l) findings told, all kept; $(inputs d25e37d) inputs, all whole"
}

"$3" "${4:-}"
