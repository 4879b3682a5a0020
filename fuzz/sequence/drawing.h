// What a fuzzer draws, and how it changes a sequence: the generator and the changes of all kinds, as one choice of what
// may be in a sequence. The libFuzzer targets draw so, and so does a search in process (explore/random_search.h).
#pragma once

#include <optional>

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// What may be in a drawn sequence besides what `generate` draws.
struct Drawing {
  int operations = 0;         ///< sequences are drawn with so many operations, free_shape (shape.h); 0: any shape
  bool both_readers = false;  ///< some tracepoints have faultable readers
  bool many_traps = false;    ///< many sequences have delays in traps; a few have them anyway
  bool key_users = false;     ///< some tracepoints have users besides their probes

  /// A new sequence. Equal states of `random` give equal ones.
  Sequence draw(Random& random) const;

  /// Makes one change to a valid `sequence`, and leaves it valid.
  void change(Sequence& sequence, Random& random) const;

  /// `sequence` without what is not drawn: what may be changed.
  Sequence without_others(Sequence sequence) const;

  /// `sequence` without the probes and the tracepoints that no operation names, and without expected results, as they
  /// are promises about an unchanged sequence. Nothing if it has faultable readers that are not drawn, or waits that do
  /// not cover its readers: that is a mistake of the sequence. With `any`, neither keeps it from being run.
  std::optional<Sequence> runnable(Sequence sequence, bool any = false) const;
};

}  // namespace tpfuzz
