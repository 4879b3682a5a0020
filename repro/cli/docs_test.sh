#!/usr/bin/env bash
# docs_test.sh REPRO: the manual pages and the scripts of completion, read by the programs that they are for. A program that
# is not installed is told, and skipped; if none is, the test is.
set -euo pipefail
repro=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PATH="$work/bin:$PATH"
mkdir "$work/bin"
ln -s "$repro" "$work/bin/repro"
"$here/write_docs.sh" repro "$work/docs"
tried=0

fail() {
  echo "docs_test.sh: $1" >&2
  exit 1
}

has() { # PROGRAM: whether it is there
  command -v "$1" >/dev/null || { echo "docs_test.sh: no $1 here: skipped" && return 1; }
  tried=1
}

expect() { # WHAT WORD FILE: the word is a line of the file
  grep -qx -- "$2" "$3" || fail "expected $1 to complete $2, found: $(tr '\n' ' ' <"$3")"
}

for verb in run show minimize export triage convert protocols points litmus progress report check synthesize verify session witness help completion; do
  [ -s "$work/docs/man1/repro-$verb.1" ] || fail "no page of $verb"
done

if has man && has groff; then
  for page in "$work"/docs/man1/*; do
    LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" >"$work/text" 2>"$work/log" || fail "man refuses $page: $(cat "$work/log")"
    [ ! -s "$work/log" ] || fail "man warns of $page: $(cat "$work/log")"
    grep -q '^NAME' "$work/text" || fail "$page has no NAME"
  done
fi
if has mandoc; then
  # There is no date in the pages: they say the same whenever they are built.
  mandoc -Tlint -Wwarning "$work"/docs/man1/* 2>&1 | grep -vE 'missing date|^$' >"$work/log" || true
  [ ! -s "$work/log" ] || fail "mandoc warns: $(cat "$work/log")"
fi

in_bash() { # WORD...: what it completes, a line each
  bash --norc -c '
    source "$1"
    shift
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _repro
    printf "%s\n" "${COMPREPLY[@]}"' _ "$work/docs/bash-completion/completions/repro" "$@" >"$work/log"
}
touch "$work/file.seq"
mkdir "$work/folder"
if has bash; then
  in_bash repro "" && expect bash minimize "$work/log"
  in_bash repro mi && expect bash minimize "$work/log" && ! grep -q run "$work/log" || fail "bash completes mi to run"
  in_bash repro run --eng && expect bash --engine "$work/log"
  in_bash repro run --engine "" && expect bash stress "$work/log"
  in_bash repro run --protocol cook && expect bash cookies "$work/log"
  in_bash repro --color "" && expect bash never "$work/log"
  in_bash repro run "$work/file" && expect bash "$work/file.seq" "$work/log"
  in_bash repro report "$work/fo" && expect bash "$work/folder" "$work/log"
  in_bash repro help ver && expect bash verify "$work/log"
fi
if has zsh; then
  zsh -n "$work/docs/zsh/site-functions/_repro" || fail "zsh does not parse it"
  # A terminal of zsh's own, as the line editor completes for no other.
  zsh -f -c '
    zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell "PS1=; fpath=($1 \$fpath); autoload -Uz compinit && compinit -u -D; zstyle \":completion:*\" list-colors; LISTMAX=1000; bindkey \"^I\" complete-word; print READY"
    zpty -r -m shell all "*READY*READY*"
    zpty -w -n shell "repro run --engine str"$'"'\t'"'
    zpty -r -m shell all "*stress*" && print -r -- stress
    zpty -d shell' _ "$work/docs/zsh/site-functions" >"$work/log" 2>&1 || true
  expect zsh stress "$work/log"
fi
if has fish; then
  in_fish() { # LINE
    fish --no-config -c "source $work/docs/fish/vendor_completions.d/repro.fish; complete -C '$1'" | cut -f1 >"$work/log"
  }
  in_fish 'repro mi' && expect fish minimize "$work/log"
  in_fish 'repro run --eng' && expect fish --engine "$work/log"
  in_fish 'repro run --engine ' && expect fish stress "$work/log"
  in_fish 'repro run --protocol cook' && expect fish cookies "$work/log"
fi
[ $tried = 1 ] || exit 77
