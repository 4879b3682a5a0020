#!/usr/bin/env bash
# schema_test.sh REPRO SOURCE_DIR: the JSON of each verb that tells a verdict is as docs/verdict.schema.json says.
# (session_test.sh has the lines of findings.jsonl.)
set -euo pipefail
repro=$1
source=$2
schema=$source/docs/verdict.schema.json
validate=$source/repro/ci/validate.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # ARGUMENT...: of repro; all exit codes but 2 are fine
  local code=0
  "$repro" "$@" >"$work/said" 2>"$work/log" || code=$?
  [ $code -ne 2 ] || { cat "$work/log" >&2 && exit 1; }
  code=0
  python3 "$validate" "$schema" <"$work/said" || code=$?
  [ $code -ne 77 ] || exit 77
  [ $code = 0 ] || { echo "schema_test.sh: repro $* is not as the schema says" >&2 && exit 1; }
}

command -v python3 >/dev/null || { echo "schema_test.sh: no python3 here: skipped" && exit 77; }
# The test can fail.
code=0
echo '{"verdict":"clean","line":"tpfuzz: clean protocol=x","protocol":"x","token":"t"}' |
  python3 "$validate" "$schema" 2>/dev/null || code=$?
[ $code != 77 ] || { echo "schema_test.sh: no python3-jsonschema here: skipped" && exit 77; }
[ $code = 1 ] || { echo "schema_test.sh: a wrong record is taken for a right one" >&2 && exit 1; }

seed=$source/corpus/seeds/one-zero-one.seq
check run --json --protocol f7ec412 "$source/corpus/seeds"
check run --json --verbose --cost --protocol f7ec412 "$seed"
check run --json --engine threads --repeat 3 --protocol f7ec412 "$seed"
check check --json f7ec412 --executions 100
check check --json worker-sketch --executions 100
check triage --json --protocol f7ec412 "$source/corpus/seeds"
check minimize --json --protocol f7ec412 "$seed"
check minimize --json --protocol f7ec412 "$seed" -o "$work/minimal.seq"
check witness --json --protocol f7ec412 "$seed"
check witness --json --protocol f7ec412 "$seed" -o "$work/witness.seq"
if "$repro" verify --protocol cookies --ops 1 >/dev/null 2>&1; then # there is none in the build of a sanitizer
  check verify --json --protocol cookies --ops 2
  check verify --json --protocol f7ec412 --ops 3
  check verify --json --protocol f7ec412 "$seed"
fi
