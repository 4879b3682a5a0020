#!/usr/bin/env bash
# walls_test.sh COMPILER BUILD SOURCE: that a room can't use what is above it (CMakeLists.txt, TPFUZZ_ROOMS). A source that
# includes a header of such a room must not compile, and a call of such a room must not link; what is below must do both.
set -euo pipefail
compiler=$1 build=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

includes() { # ROOM HEADER...: whether a source of the room can
  printf '#include "%s"\n' "${@:2}" >"$work/source.cc"
  "$compiler" -std=c++20 -I"$source" -E -o /dev/null -ferror-limit=0 -fmodules-decluse \
    -fmodule-map-file="$build/rooms.modulemap" -fmodule-name="$1" "$work/source.cc" 2>"$work/errors"
}

expect_wall() { # ROOM HEADER...: none of them
  if includes "$@"; then
    echo "expected that $1 can't include ${*:2}" >&2
    exit 1
  fi
  for header in "${@:2}"; do
    if ! grep -q "module $1 does not .*depend on a module exporting '$header'" "$work/errors"; then
      echo "expected that $1 can't include $header as it is of another room; the compiler says:" >&2
      cat "$work/errors" >&2
      exit 1
    fi
  done
}

expect_door() { # ROOM HEADER
  if ! includes "$1" "$2"; then
    echo "expected that $1 can include $2; the compiler says:" >&2
    cat "$work/errors" >&2
    exit 1
  fi
}

expect_wall core fuzz/base/check.h
expect_wall sequence fuzz/subject/host.h
expect_wall sequence fuzz/oracle/history.h
expect_wall subject fuzz/engine/trace.h
expect_wall engine fuzz/oracle/verdict.h
expect_wall execute fuzz/explore/trials.h
expect_wall target fuzz/explore/trials.h
for room in base sequence subject engine oracle execute explore litmus target bench mutants; do
  expect_wall $room repro/diagram/diagram.h repro/diagram/explain/explain.h repro/diagram/recorder/recorder.h repro/io/file.h \
    repro/session/runs.h repro/export/story.h repro/show.h
done
# Who draws knows the model alone.
expect_wall diagram core/points.h fuzz/sequence/sequence.h fuzz/engine/trace.h fuzz/execute.h repro/diagram/explain/explain.h \
  repro/diagram/recorder/recorder.h repro/io/file.h
expect_wall explain repro/diagram/diagram.h repro/diagram/recorder/recorder.h
expect_wall recorder repro/io/file.h
expect_wall io repro/diagram/diagram.h repro/session/directory.h
expect_wall export repro/diagram/diagram.h
for room in diagram explain recorder io session export; do expect_wall $room repro/show.h; done
expect_door sequence fuzz/base/check.h
expect_door oracle fuzz/engine/trace.h
expect_door explore fuzz/execute.h
expect_door diagram repro/diagram/svg_layout.h
expect_door recorder repro/diagram/diagram.h
expect_door session repro/io/file.h
expect_door repro fuzz/oracle/history.h
expect_door repro repro/session/directory.h

builds() { # FILE [HEADER]: whether a source builds as the build builds it, with HEADER included in front
  local command
  command=$(sed -n 's/^ *"command": "\(.*\)",$/\1/p' "$build/compile_commands.json" | grep -- "-fmodule-name=.* -c $source/$1\$" | head -n 1)
  [ -n "$command" ] || { echo "expected that $1 is a source of a room" >&2 && exit 1; }
  { [ $# -lt 2 ] || echo "#include \"$2\"" && cat "$source/$1"; } >"$work/source.cc"
  (cd "$build" && eval "${command%% -o *} -fsyntax-only $work/source.cc") 2>"$work/errors"
}
for file in fuzz/sequence/words.cc fuzz/oracle/verdict.cc fuzz/explore/trials.cc fuzz/target/progress.cc \
  fuzz/target/registration_fuzzer.cc fuzz/mutants/result.cc; do
  builds $file || { cat "$work/errors" >&2 && exit 1; }
  if builds $file repro/diagram/diagram.h || ! grep -q "depend on a module exporting" "$work/errors"; then
    echo "expected that $file does not build when it includes repro/diagram/diagram.h" >&2
    exit 1
  fi
done

# A call of what is above, with a declaration of its own.
cat >"$work/source.cc" <<END
namespace tpfuzz {
struct Event;
bool text_holds(const Event& event);
}
int main() { return tpfuzz::text_holds(*static_cast<const tpfuzz::Event*>(nullptr)); }
END
links() { "$compiler" -std=c++20 "$work/source.cc" "$build/fuzz/libtpfuzz_$1.a" -o "$work/program" 2>"$work/errors"; }
links oracle || { cat "$work/errors" >&2 && exit 1; }
if links sequence || ! grep -q "undefined reference to .*text_holds" "$work/errors"; then
  echo "expected that what links tpfuzz_sequence can't call text_holds of fuzz/oracle" >&2
  exit 1
fi
