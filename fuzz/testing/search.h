// A search in process, as a fuzzer without coverage: sequences from nothing, and changes of the one before.
#pragma once

#include "fuzz/execute.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/mutate.h"

namespace tpfuzz {

/// The next sequence of a search: `sequence` changed, or a new one.
inline void go_on_from(Sequence& sequence, Random& random) {
  if (random.chance(1, 4) || sequence.operations.empty())
    sequence = generate(random);
  else
    mutate(sequence, random);
}

struct Found {
  int executions = 0;  ///< 0: nothing within the budget
  Sequence sequence;   ///< the last that was run
  Verdict verdict;     ///< what it gave
};

/// Searches until the first violation in lockstep. Equal seeds give equal results.
inline Found search(Executor& executor, std::uint64_t seed, int budget) {
  Random random(seed);
  Found found;
  for (int i = 1; i <= budget; ++i) {
    go_on_from(found.sequence, random);
    found.verdict = executor.run(found.sequence).verdict;
    if (!found.verdict) continue;
    found.executions = i;
    break;
  }
  return found;
}

}  // namespace tpfuzz
