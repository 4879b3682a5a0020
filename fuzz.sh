#!/usr/bin/env bash
# Fuzzes registration sequences: installs what is missing, builds, runs, and says what it found and how to see it again.
set -euo pipefail

usage() {
  cat <<'EOF'
usage: ./fuzz.sh [--protocol P] [--subject P] [--config preempt-rt] [--engine libfuzzer|afl] [--sanitizer address|thread|none] [--seconds N]
                 [--jobs N|auto] [--readers ordinary|both] [--ignore TOKEN] [--findings DIR] [--corpus DIR] [--merge] [--coverage]
                 [--report FILE] [--no-report] [--json] [--build DIR] [--version] [-- the engine's flags and corpus directories]

  --protocol P     what is fuzzed: a shipped protocol (d25e37d 547305a-v1 547305a c8b186a befe6d9 352384d f7ec412 231264d cookies
                   worker-sketch worker iterator cookies-own), a puzzle (fuzz/subject/puzzle/PUZZLES.md), lttng-ust (LTTng-UST's
                   tracepoints), a protocol file, or kernel:DIR: the kernel/tracepoint.c of a kernel tree, or of Debian's
                   tarball of one (docs/kernel.md); default cookies
  --subject P      another name of --protocol; core is the core with the default protocol
  --config C       of a kernel tree: preempt-rt
  --engine E       libfuzzer (the default), or afl: AFL++, one job, without thread; each run starts afresh
  --sanitizer S    address (with undefined; the default), thread or none
  --seconds N      how long; default 60
  --jobs N         processes that fuzz together; default 1; auto: as many as there are CPUs that it may use (affinity, and the quota of
                   its control groups)
  --readers R      ordinary (the default), or both: some tracepoints have faultable readers, too, which cookies-own and
                   iterator are for
  --ignore TOKEN   go on past a known violation (the DEDUP_TOKEN of a finding, in quotes); may be repeated

  --findings DIR   where findings lie, and what a later run goes on from; default findings/
  --corpus DIR     the inputs that lead on, which grows; default findings/P/corpus
  --merge          don't fuzz: minimise the corpus, and take in what the directories after -- add to it
  --coverage       measure the code coverage of the core for the report, with a build of its own, which takes minutes;
                   without it that is done after runs of 10 minutes and more
  --report FILE    where the report goes; default findings/P/report.html
  --no-report      write none
  --json           standard output is one JSON object at the end, with a record of each finding; all else goes to standard error
  --build DIR      use the programs in DIR/bin, with the sanitizer that they have, and install and build nothing
  --version        the version, the commit and the compiler

The first run on a protocol starts from nothing; `./fuzz.sh -- corpus/seeds` starts from the seeds. It fuzzes already while
repro is built. A later one goes on where the last one ended, or was stopped (SIGINT) or killed: with its corpus, past its
findings, which are told once more in a line each and count. Each distinct finding is told when it comes, with the command that
replays it; its file is DIR/crash-..., and minimised, with its diagram, DIR/P-TOKEN.seq. Both say what they were found under,
so that repro needs no --protocol; and findings/ can be copied anywhere. One that does not replay alone says so; the inputs
that it depends on are in DIR/crash-....before/, and it stays a finding in every later run. P is the name in the line
`protocol`; of a file, findings/P is P-HASH, so that another text starts afresh. To start afresh by hand, remove findings/P.
Exit codes: 0 nothing found, 1 something found, 2 usage or set-up.
EOF
}

version() {
  local here number commit compiler
  here=$(dirname "$(realpath "$0")")
  number=$(sed -n 's/^project(tpfuzz VERSION \([0-9.]*\).*/\1/p' "$here/CMakeLists.txt")
  commit=$(git -C "$here" rev-parse --short=12 HEAD 2>/dev/null) || commit=unknown
  compiler=$({ clang++-19 --version || echo "no clang++-19 yet"; } 2>/dev/null | head -n 1)
  echo "tpfuzz $number, commit $commit, $compiler"
}

refuse() {
  echo "fuzz.sh: $1; see ./fuzz.sh --help" >&2
  exit 2
}

number() { # OPTION VALUE
  [[ $2 =~ ^[1-9][0-9]*$ ]] || refuse "expected a number from 1 on after $1, found '$2'"
}

absolute() { # OPTION PATH: paths are the caller's
  [[ $2 != *[\"\\]* && $2 != *[[:cntrl:]]* && -n $2 ]] || refuse "expected a path without quotes after $1, found '$2'"
  realpath -m "$2"
}

# What a shell leaves of a token without quotes ends in a dash: its `>` is a redirection.
token() { # OPTION VALUE
  [[ $2 =~ ^[a-z]+-.*[a-z]$ ]] || refuse "expected a DEDUP_TOKEN, in quotes, after $1, found '$2'"
}

options=(--help --version --merge --coverage --no-report --json --protocol --subject --config --engine --sanitizer --seconds --jobs
  --readers --ignore --findings --corpus --report --build)
# The option that was meant, if two letters at most differ: their distance, in bash, would be more than is worth.
suggestion() { # OPTION
  local option letters
  for option in "${options[@]}"; do
    letters=$(comm -3 <(fold -w 1 <<<"$1" | sort) <(fold -w 1 <<<"$option" | sort) | wc -l)
    [ "$letters" -gt 2 ] || { echo "; did you mean '$option'?" && return; }
  done
}

unset protocol
kernel=
config=
engine=libfuzzer
sanitizer=address
seconds=60
jobs=1
readers=ordinary
given_tokens=()
findings=findings
corpus=
merges=
measures=
report=
reports=1
json=
built=
while [ $# -gt 0 ]; do
  case "$1" in
    -h | --help) usage && exit 0 ;;
    --version) version && exit 0 ;;
    --json) json=1 && shift ;;
    --) shift && break ;;
    --merge) merges=1 && shift ;;
    --coverage) measures=1 && shift ;;
    --no-report) reports= && shift ;;
    --protocol | --subject | --config | --engine | --sanitizer | --seconds | --jobs | --readers | --ignore | --findings | --corpus | --report | --build)
      [ $# -ge 2 ] || refuse "expected a value after $1"
      case "$1" in
        --protocol | --subject)
          case "$2" in
            core) ;;
            kernel:?*) kernel=$(absolute "$1" "${2#kernel:}") ;;
            *) protocol=$2 ;;
          esac
          ;;
        --config)
          [ "$2" = preempt-rt ] || refuse "expected preempt-rt after --config, found '$2'"
          config=$2
          ;;
        --engine) engine=$2 ;;
        --sanitizer) sanitizer=$2 ;;
        --seconds) number "$1" "$2" && seconds=$2 ;;
        --jobs) [ "$2" = auto ] || number "$1" "$2" && jobs=$2 ;;
        --readers) readers=$2 ;;
        --ignore) token "$1" "$2" && given_tokens+=("$2") ;;
        --findings) findings=$(absolute "$1" "$2") ;;
        --corpus) corpus=$(absolute "$1" "$2") ;;
        --report)
          report=$(absolute "$1" "$2")
          [ -d "$(dirname "$report")" ] || refuse "expected a file in a directory that exists after $1, found '$2'"
          ;;
        --build)
          for built in bin/registration_fuzzer bin/repro CMakeCache.txt; do
            [ -e "$2/$built" ] || refuse "expected a built directory after --build, found '$2', which has no $built"
          done
          built=$(realpath "$2")
          ;;
      esac
      shift 2
      ;;
    *) refuse "unknown option '$1'$(suggestion "$1")" ;;
  esac
done
if [ -n "$kernel" ]; then
  [ -z "${protocol+set}" ] || refuse "expected no other protocol with kernel:DIR, found '$protocol'"
  [ "$engine" = libfuzzer ] || refuse "expected --engine libfuzzer with kernel:DIR"
  why=$(LC_ALL=C ls -d -- "$kernel" 2>&1 >/dev/null) ||
    refuse "expected a kernel tree or its tarball after kernel:, found '$kernel': ${why##*: }"
  protocol=kernel${config:+-rt}:$kernel
else
  [ -z "$config" ] || refuse "expected kernel:DIR with --config"
  protocol=${protocol-cookies}
fi
case "$sanitizer" in
  address) preset=asan ;;
  thread) preset=tsan ;;
  none) preset=release ;;
  *) refuse "expected address, thread or none after --sanitizer, found '$sanitizer'" ;;
esac
case "$readers" in
  ordinary | both) ;;
  *) refuse "expected ordinary or both after --readers, found '$readers'" ;;
esac
case "$engine" in
  libfuzzer) ;;
  afl)
    [ "$jobs" = 1 ] || refuse "expected --jobs 1 with --engine afl"
    [ -z "$corpus$merges$measures$report$json$built" ] ||
      refuse "expected none of --corpus, --merge, --coverage, --report, --json and --build with --engine afl"
    case "$sanitizer" in
      address) preset=afl-asan ;;
      none) preset=afl ;;
      *) refuse "expected address or none after --sanitizer with --engine afl, found '$sanitizer'" ;;
    esac
    ;;
  *) refuse "expected libfuzzer or afl after --engine, found '$engine'" ;;
esac
given_flags=()
given_corpora=()
for argument; do
  if [[ $argument == -* ]]; then
    given_flags+=("$argument")
  else
    [ -d "$argument" ] || refuse "expected a corpus directory, found '$argument'"
    given_corpora+=("$(realpath "$argument")")
  fi
done
here=$(dirname "$(realpath "$0")")
[ -n "$protocol" ] || refuse "expected a protocol after --protocol, found ''"
protocol_file= # a path is the caller's
if [ -z "$kernel" ] && { [ -f "$protocol" ] || [[ $protocol == */* ]]; }; then protocol_file=$(realpath -m "$protocol"); fi

[ -z "$json" ] || exec 9>&1 1>&2 # what is told while it is built, too
cd "$here"
if [ -n "$built" ]; then
  programs=$built/bin
else
  . ./.ci/install
  if [ "$engine" = afl ]; then
    build "$preset" registration_fuzzer dictionary
    build release repro
    . fuzz/target/afl.sh
    afl_main
    exit
  fi
  build "$preset" registration_fuzzer
  . fuzz/target/first.sh
  if is_first_run "$preset"; then build_and_fuzz "$preset"; else build "$preset" repro; fi
  programs=build/$preset/bin
fi
"$programs/repro" protocols "$protocol" >/dev/null 2>&1 || protocol=${protocol_file:-$protocol} # a built-in name comes first
session=(--programs "$programs" --protocol "$protocol" --seconds "$seconds" --jobs "$jobs" --readers "$readers"
  --findings "$findings")
for token in "${given_tokens[@]}"; do session+=(--ignore "$token"); done
[ -z "$corpus" ] || session+=(--corpus "$corpus")
[ -z "$report" ] || session+=(--report "$report")
[ -n "$reports" ] || session+=(--no-report)
[ -z "$merges" ] || session+=(--merge)
if [ -z "$built" ] && [ -n "${measures:-$([ "$seconds" -lt 600 ] || echo 1)}" ]; then session+=(--coverage); fi
if [ -n "$json" ]; then
  session+=(--json)
  exec 1>&9 9>&-
fi
exec "$programs/repro" session "${session[@]}" -- "${given_flags[@]}" "${given_corpora[@]}"
