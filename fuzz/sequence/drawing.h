// What a fuzzer draws, and how it changes a sequence: the generator and the changes of all kinds, as one choice of what
// may be in a sequence. The libFuzzer targets draw so, and so does a search in process (explore/random_search.h).
#pragma once

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

  /// Takes out of `sequence` what is not drawn: the rest may be changed.
  void take_out_others(Sequence& sequence) const;

  /// Takes out of `sequence` the probes and the tracepoints that no operation names, and expected results, as they are
  /// promises about an unchanged sequence. Returns whether the sequence may be run: it may not if it has faultable
  /// readers that are not drawn, or waits that do not cover its readers. That is a mistake of the sequence.
  bool make_runnable(Sequence& sequence) const;
};

}  // namespace tpfuzz
