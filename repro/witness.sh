#!/usr/bin/env bash
# witness.sh REPRO PROTOCOL FILE OUT [FLAG...]: minimises FILE to OUT, with its diagram and verdict in the comment, whole or
# not at all, and prints the verdict. The FLAGs are for `repro minimize`.
set -euo pipefail
repro=$1
protocol=$2
file=$3
out=$4
shift 4
partial=$(dirname "$out")/.$(basename "$out").$$
trap 'rm -f "$partial" "$partial.minimal"' EXIT
verdict=$("$repro" minimize --protocol "$protocol" "$@" "$file" -o "$partial.minimal" 2>/dev/null | sed -n 1p)
echo "$verdict"
draw() { # what ends in a sanitizer's report can't be drawn
  if [[ $verdict == "tpfuzz: REPORT "* ]]; then echo "$verdict"; else "$repro" show "$partial.minimal"; fi
}
beginning='^(tpfuzz|subject) |^\|' # the header, and what it was found under
{
  grep -E "$beginning" "$partial.minimal"
  draw | sed 's/^/# /; s/ *$//'
  grep -vE "$beginning" "$partial.minimal"
} >"$partial"
mv "$partial" "$out"
