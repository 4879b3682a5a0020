// Puzzles: subjects with one known mistake each, of the kind that an engineer could make. What the fuzzer is measured
// and tested with. Each is the core with one function gotten wrong, or `cookies` with one step out of place.
#pragma once

#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// What is wrong in a puzzle, in words, and where these stand: in the source that holds the mistake.
struct Mistake {
  std::string_view what;
  std::source_location where;
  constexpr Mistake(const char* words, std::source_location here = std::source_location::current())
      : what(words), where(here) {}
  constexpr operator std::string_view() const { return what; }
};

struct Puzzle {
  const char* name;
  Mistake mistake;
  /// What finds it: invariants, and for builds with a sanitizer what that reports, if that is something else. Several
  /// are separated by spaces. Empty: nothing, the mistake is harmless.
  std::string_view found_by;
  std::string_view found_by_asan = found_by;
  std::string_view found_by_tsan = found_by;
  std::string_view harmless = "";     ///< why nothing does
  bool replays_alone = true;          ///< what is found depends on nothing that was executed before
  std::string_view base = "cookies";  ///< the shipped protocol that it runs,
  std::string_view lines = "";        ///< with these lines in place of its own
  /// The puzzle itself. One at a time with the same name.
  std::unique_ptr<Subject> (*make)(const Puzzle& puzzle) = nullptr;
};

/// What finds `puzzle`, or why nothing does, in words.
std::string finders(const Puzzle& puzzle);

/// What finds it in builds with a sanitizer, if that is something else; else empty.
std::string sanitizer_finders(const Puzzle& puzzle);

/// The text of the protocol that it runs: its base's, with its lines in place of that one's. If it has any, the
/// protocol bears the puzzle's name.
std::string protocol_text(const Puzzle& puzzle);

/// Whether the mistake is in its protocol; else it is in C++.
bool is_in_protocol(const Puzzle& puzzle);

/// "fuzz/subject/puzzle/FILE:LINE" of what is said about its mistake.
std::string place_of(const Mistake& mistake);

/// All of them.
const std::vector<Puzzle>& puzzles();

/// The puzzle `name`; nullptr if there is none.
const Puzzle* puzzle_named(std::string_view name);

}  // namespace tpfuzz
