// A search in process: random sequences and changes of those that led on, one after the other. Where exhaustive
// exploration (explorer.h) ends, this goes on, with all that a sequence can have. It is what a fuzzer does, but for
// coverage of code: a sequence leads on if it meets interleavings that no sequence before has met.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "fuzz/execute.h"
#include "fuzz/sequence/drawing.h"

namespace tpfuzz {

struct RandomSearch {
  Drawing drawing{};
  std::uint64_t seed = 1;
  long executions = 0;            ///< at most; the last one breaks an invariant, or none does
  std::vector<Sequence> start{};  ///< what leads on from the beginning; may be empty
  /// Told of now and then how many executions there were; false stops the search.
  std::function<bool(long)> progress{};
};

struct Searched {
  long executions = 0;            ///< that were made
  bool complete = false;          ///< all that were asked for, or a violation
  std::optional<Sequence> found;  ///< the sequence that broke an invariant
  Verdict verdict;                ///< what it gave
};

/// Searches until the first violation in lockstep. Equal arguments give equal results, of a subject that keeps nothing
/// from one execution to the next.
Searched search(Subject& subject, const RandomSearch& options);

}  // namespace tpfuzz
