// Holds a free run against the invariants that need no order of all events:
//
//   grace      no CPU touched what a `sync` had taken away
//   fault      none took a fault
//   progress   none waits for itself: for the mutex that it holds, for a grace period inside its own section; and none
//              goes on for ever
//   pairing    each call's function and data had been registered together before the hit ended
//   arguments  each function got what its hit passed
//   key        each hit found the key on if a user besides the probes held it all the time
//   snapshot   each hit's calls are a list that it may have seen: the rule of snapshot.h, without instants of stores
//   result     each registration returned what the reference model returns, in the order in which they took the mutex
//   hooks      each ran its hooks as often as it should, and under the mutex; no hit that has ended called a probe
//              before its enable hook had returned 0
//   quiescent  at the end, of each tracepoint
//
// Where a registration takes the mutex never, or twice, versions have no order, and only the first six are judged.
#pragma once

#include "fuzz/engine/free_run.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

/// The first violation in that order; of several of one invariant that of the first CPU. `transition` is that of the
/// newest version that the failing hit may have seen, else of the registration that failed; `rules` as Subject
/// says. An expected result in `sequence` is one of a schedule, and ignored.
Verdict judge(const FreeRun& run, const Sequence& sequence, const Rules& rules);

}  // namespace tpfuzz
