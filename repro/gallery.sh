#!/usr/bin/env bash
# gallery.sh REPRO: prints docs/gallery.md: the reports of corpus/reports/ as a table, and some of them with their diagrams.
# A test compares the two.
set -euo pipefail
repro=$(realpath "$1")
cd "$(dirname "$0")/../corpus/reports"
shown=(01 02 03 07 10 11 16 20 21 25)

fact() { # FOLDER WORD: what its README.md says behind "- WORD: "
  sed -n "s/^- $2: //p" "$1/README.md"
}

title() { # FOLDER
  sed -n '1s/^# Report [0-9]*: //p' "$1/README.md"
}

subject() { # FOLDER WORD: a built-in name, or a link to the file
  fact "$1" "$2" | sed "s|](|](../corpus/reports/$1/|"
}

verdict() { # FOLDER
  fact "$1" before | sed 's/.* invariant=\([^ ]*\) transition=\([^ ]*\) .*/`\1` in \2/; s/ in none$//'
}

paragraph() { # FOLDER HEADING: the paragraph that begins with it
  awk -v heading="**$2.**" 'index($0, heading) == 1 { on = 1 } on && $0 == "" { exit } on' "$1/README.md"
}

cat <<'END'
# The gallery: bugs that people reported

Each row is a public report that can be written down as a protocol, or as one mistake, and a sequence. The folder has both, with the source and what
is left out. `repro/gallery.sh build/release/bin/repro` makes this page. Tests hold it, run each sequence under both subjects, and find each bug
from nothing (`fuzz/reports_test.cc`).

| report | what broke | broken | seen as | fixed |
|---|---|---|---|---|
END
for folder in */; do
  folder=${folder%/}
  echo "| [${folder%%-*}](../corpus/reports/$folder/README.md) | $(title "$folder") | $(subject "$folder" broken) | $(verdict "$folder") |" \
    "$(subject "$folder" fixed) |"
done
for number in "${shown[@]}"; do
  folder=$(echo "$number"-*)
  printf '\n## %s: %s\n\nSource: %s.\n\n' "$number" "$(title "$folder")" "$(fact "$folder" source)"
  paragraph "$folder" 'What broke'
  printf '\n```\n'
  "$repro" show "$folder/finding.seq" 2>/dev/null || true # it exits with 1: a violation
  printf '```\n\n'
  paragraph "$folder" 'The fix'
done
