// Puzzles: protocols with one known mistake each, of the kind that an engineer could make. What the fuzzer is measured
// and tested with. Each is a file, fuzz/subject/puzzle/NAME.protocol: a shipped protocol with a line changed, another
// read side, or a mistake in C++ (mistake/mistake.h).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/protocol.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

struct Puzzle {
  const char* name;
  /// What finds it: invariants, and for builds with a sanitizer what that reports, if that is something else. Several
  /// are separated by spaces. Empty: nothing, the mistake is harmless.
  std::string_view found_by;
  std::string_view found_by_asan = found_by;
  std::string_view found_by_tsan = found_by;
  std::string_view harmless = "";  ///< why nothing does
  bool replays_alone = true;       ///< what is found depends on nothing that was executed before
};

/// What is wrong in `puzzle`: the comment that its file opens with, in one line.
std::string about(const Puzzle& puzzle);

/// What finds `puzzle`, or why nothing does, in words.
std::string finders(const Puzzle& puzzle);

/// What finds it in builds with a sanitizer, if that is something else; else empty.
std::string sanitizer_finders(const Puzzle& puzzle);

/// Its file.
std::string_view protocol_text(const Puzzle& puzzle);

/// The puzzle itself, as a subject. One at a time; after `prepare_subjects` (prepare.h).
std::unique_ptr<Subject> puzzle_subject(const Puzzle& puzzle);

/// All of them.
std::span<const Puzzle> puzzles();

/// The puzzle `name`; nullptr if there is none.
const Puzzle* puzzle_named(std::string_view name);

}  // namespace tpfuzz
