#!/usr/bin/env python3
"""names_test.py SOURCE: no two types of the namespace tpfuzz have the same name.

All rooms share that namespace, and no linker tells that two rooms define a type of one name: a program with both would
run the functions of either for both.
"""
import collections
import pathlib
import re
import sys

OPENS = re.compile(r"(?:inline )?namespace ([\w:]*) ?\{")
CLOSES = re.compile(r"\}  // namespace")
DEFINES = re.compile(r"(?:class|struct|enum class|union) (?:\[\[.*?\]\] )?(\w+)(?: final)?(?: :.*)? ?\{")


def types_in(text):
    """The names of the types that the namespace tpfuzz has in a source: no others, and none of an unnamed one in it."""
    inside = []
    for line in text.splitlines():
        if opened := OPENS.match(line):
            inside.append(opened.group(1))
        elif CLOSES.match(line) and inside:
            inside.pop()
        elif inside == ["tpfuzz"] and (defined := DEFINES.match(line)):
            yield defined.group(1)


def main(source):
    # What is not seen would be no clash.
    assert list(types_in("namespace tpfuzz {\nstruct A {\nclass B final : public A {\nnamespace {\nstruct C {\n")) == ["A", "B"]
    files = [file for room in ("fuzz", "repro") for end in ("h", "cc") for file in sorted(source.glob(f"{room}/**/*.{end}"))]
    places = collections.defaultdict(list)
    for file in files:
        for name in types_in(file.read_text()):
            places[name].append(str(file.relative_to(source)))
    clashes = {name: where for name, where in places.items() if len(where) > 1}
    for name, where in clashes.items():
        print(f"tpfuzz::{name}: expected one definition, found {', '.join(where)}")
    print(f"{len(places)} types in {len(files)} files")
    return 1 if clashes or len(places) < 200 else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
