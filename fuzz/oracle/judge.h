// Holds a free run against the invariants that need no order of all events:
//
//   grace      no CPU touched what a `sync` had taken away
//   fault      none took a fault
//   progress   none waits for a grace period inside its own section
//   pairing    each call's function and data had been registered together before the hit ended
//   snapshot   each hit's calls are the list of a version that it may have seen: not older than the last one whose
//              registration had ended when it began, not newer than the last one whose registration had begun when it
//              ended. It may have called nothing if one of them is empty: the key is off in between only
//   result     each registration returned what the reference model returns, in the order in which they took the mutex
//   hooks      each ran its hooks as often as it should
//   quiescent  at the end, of each tracepoint
//
// Where registrations do not all take the mutex, versions have no order, and only the first four are judged.
#pragma once

#include "fuzz/engine/free_run.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

/// The first violation in that order; of several of one invariant that of the first CPU. `transition` is that of the
/// newest version that the failing hit may have seen, else of the registration that failed; `enomem_fails` as Subject
/// says. An expected result in `sequence` is one of a schedule, and ignored.
Verdict judge(const FreeRun& run, const Sequence& sequence, bool enomem_fails);

}  // namespace tpfuzz
