// The known sequences (corpus.h), run under a subject.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fuzz/oracle/verdict.h"
#include "fuzz/sequence/sequence.h"
#include "fuzz/subject/subject.h"

namespace tpfuzz {

/// A fixed sequence that broke an invariant.
struct BrokenBy {
  std::string name;  ///< of the sequence
  Sequence sequence;
  Verdict verdict;
};

struct Replays {
  int runs = 0;                  ///< how many were run
  int lacking = 0;               ///< of these, how many ran without what the subject lacks (engine/perform.h)
  std::vector<BrokenBy> broken;  ///< those that broke an invariant, in the order of their names
  bool complete = false;         ///< all were run
};

/// Runs all known sequences on `subject`, but those that are mistakes themselves (sequence/drawing.h). `goes_on` is
/// asked before each, and told how many were run; false ends it.
Replays replay_known(Subject& subject, const std::function<bool(int)>& goes_on);

}  // namespace tpfuzz
