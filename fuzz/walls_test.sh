#!/usr/bin/env bash
# walls_test.sh COMPILER BUILD SOURCE: that a room can't use what is above it (CMakeLists.txt, TPFUZZ_ROOMS). A source that
# includes a header of such a room must not compile, and a call of such a room must not link; what is below must do both.
set -euo pipefail
compiler=$1 build=$2 source=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

includes() { # ROOM HEADER: whether a source of the room can
  echo "#include \"$2\"" >"$work/source.cc"
  "$compiler" -std=c++20 -I"$source" -fsyntax-only -fmodules-decluse -fmodule-map-file="$build/rooms.modulemap" \
    -fmodule-name="$1" "$work/source.cc" 2>"$work/errors"
}

expect_wall() { # ROOM HEADER
  if includes "$1" "$2"; then
    echo "expected that $1 can't include $2" >&2
    exit 1
  fi
  if ! grep -q "module $1 does not .*depend on a module exporting '$2'" "$work/errors"; then
    echo "expected that $1 can't include $2 as it is of another room; the compiler says:" >&2
    cat "$work/errors" >&2
    exit 1
  fi
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
expect_wall oracle repro/show.h
expect_wall target repro/show.h
expect_wall execute repro/show.h
expect_wall explore repro/minimize/search.h
expect_door sequence fuzz/base/check.h
expect_door oracle fuzz/engine/trace.h
expect_door explore fuzz/execute.h
expect_door minimize fuzz/explore/trials.h
expect_door repro fuzz/oracle/history.h

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
