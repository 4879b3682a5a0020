#!/usr/bin/env bash
# write_docs.sh REPRO DIR: writes into DIR the manual pages and the completion of each shell, in the folders that go below
# share/ when they are installed.
set -euo pipefail
repro=$1
out=$2
rm -rf "$out" # of a verb that is gone
mkdir -p "$out"/{man1,bash-completion/completions,zsh/site-functions,fish/vendor_completions.d}
"$repro" help --format man -o "$out/man1/repro.1"
sed -n 's/^See \\fBrepro\\-\([a-z]*\)\\fR(1)\.$/\1/p' "$out/man1/repro.1" | while read -r verb; do
  "$repro" help --format man "$verb" -o "$out/man1/repro-$verb.1"
done
"$repro" completion bash -o "$out/bash-completion/completions/repro"
"$repro" completion zsh -o "$out/zsh/site-functions/_repro"
"$repro" completion fish -o "$out/fish/vendor_completions.d/repro.fish"
