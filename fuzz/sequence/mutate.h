// Changes of a sequence that keep it a sequence. The order of the lines is the schedule, so moving them matters as much
// as changing them; and a delay is a value of its own, so that it can be nudged by one event.
//
// A changed sequence has other results: every change drops every expectation.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Makes one change to a valid `sequence`, drawn from a weighted table, and leaves it valid. The longer the sequence,
/// the more likely a removal: many changes after each other leave mostly 3 to 8 operations. Rarely the change gives an
/// equal sequence. Equal sequences and states of `random` give equal ones.
void mutate(Sequence& sequence, Random& random);

/// `a` with a range of its operations, perhaps none, replaced by one of `b`'s. Both valid, so is the result. `a`'s
/// probes win; those that only `b` declares come from `b`, and faultable tracepoints from both; probes that are then
/// equal are parted (settle_probes).
Sequence cross_over(const Sequence& a, const Sequence& b, Random& random);

}  // namespace tpfuzz
