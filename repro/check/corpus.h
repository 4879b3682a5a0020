// The sequences that are known to break something: the seeds, the regressions, the gallery of public reports and the
// witnesses of the puzzles (corpus/README.md). They are data of this program, and no files: so it finds them wherever
// it is started or copied to, and they are those of the commit that it was built from. Without their comments they are
// 60 kB.
#pragma once

#include <string>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

struct KnownSequence {
  std::string name;  ///< its path below corpus/
  Sequence sequence;
};

/// All of them, in the order of their names.
std::vector<KnownSequence> known_sequences();

}  // namespace tpfuzz
