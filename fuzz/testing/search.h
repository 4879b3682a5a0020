// A search in process, as a fuzzer without coverage: sequences from nothing, and changes of the one before.
#pragma once

#include <algorithm>

#include "fuzz/execute.h"
#include "fuzz/sequence/domains.h"
#include "fuzz/sequence/generate.h"
#include "fuzz/sequence/keys.h"
#include "fuzz/sequence/mutate.h"
#include "fuzz/sequence/traps.h"

namespace tpfuzz {

/// The next sequence of a search: `sequence` changed, or a new one.
inline void go_on_from(Sequence& sequence, Random& random) {
  if (random.chance(1, 4) || sequence.operations.empty())
    sequence = generate(random);
  else
    mutate(sequence, random);
}

/// The same with both kinds of readers.
inline void go_on_with_both_readers(Sequence& sequence, Random& random) {
  if (!sequence.operations.empty() && random.chance(1, 16)) return static_cast<void>(change_readers(sequence, random));
  const Faultable before = sequence.faultable;
  go_on_from(sequence, random);
  if (before == 0 && sequence.faultable == 0 && random.chance(3, 4)) draw_readers(sequence, random);
}

/// The same with delays in traps.
inline void go_on_with_traps(Sequence& sequence, Random& random) {
  go_on_from(sequence, random);
  if (random.chance(1, 2)) draw_trap(sequence, random);
}

/// The same with users of keys besides the probes, for a subject that counts them.
inline void go_on_with_key_users(Sequence& sequence, Random& random) {
  if (!sequence.operations.empty() && random.chance(1, 4))
    return static_cast<void>(change_key_changes(sequence, random));
  go_on_from(sequence, random);
  const auto is_change = [](const Operation& operation) { return changes_key(operation.verb); };
  if (std::ranges::none_of(sequence.operations, is_change)) draw_key_changes(sequence, random);
}

struct SearchResult {
  int executions = 0;  ///< 0: nothing within the budget
  Sequence sequence;   ///< the last that was run
  Verdict verdict;     ///< what it gave
};

/// Searches until the first violation in lockstep, with sequences by `go_on`. Equal seeds give equal results.
inline SearchResult search(Executor& executor, std::uint64_t seed, int budget,
                           void (*go_on)(Sequence&, Random&) = &go_on_from) {
  Random random(seed);
  SearchResult found;
  for (int i = 1; i <= budget; ++i) {
    go_on(found.sequence, random);
    found.verdict = executor.run(found.sequence).verdict;
    if (!found.verdict) continue;
    found.executions = i;
    break;
  }
  return found;
}

inline SearchResult search_with_both_readers(Executor& executor, std::uint64_t seed, int budget) {
  return search(executor, seed, budget, &go_on_with_both_readers);
}

}  // namespace tpfuzz
