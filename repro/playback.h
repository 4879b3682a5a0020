// One execution, to be looked at: up to its end, and a little beyond.
#pragma once

#include <cstddef>
#include <vector>

#include "fuzz/execute.h"

namespace tpfuzz {

struct Playback {
  Verdict verdict;
  std::vector<Event> events;
  std::size_t end = 0;  ///< how many of them the execution has; a violation is at the last one
};

/// Plays `sequence` on `subject`. Behind a `pairing` violation stands what the operations under way would have done
/// next, as a diagram shows the patch that came too late.
Playback play(Subject& subject, const Sequence& sequence);

}  // namespace tpfuzz
