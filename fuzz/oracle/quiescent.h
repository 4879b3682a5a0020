// The invariant `quiescent`: with all CPUs idle, the array is exactly the model's, the key is on exactly if it is not
// empty or a user besides the probes holds it, the text is whole, promises are kept, and nothing leaked.
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether a tracepoint that looks like `observation` holds the array `published`, of which only `listed` are no stubs,
/// and all the rest is as it should be; `held`: a user besides the probes holds its key.
bool is_quiescent(const Observation& observation, const ProbeList& published, const ProbeList& listed, bool held,
                  const Sequence& sequence, int blocks);

/// Whether the tracepoint that the operation of `completed` has changed is as it should be; the subject holds `blocks`
/// blocks of memory.
bool quiescent_holds(const History& history, const Event& completed, const Observation& observation, int blocks);

}  // namespace tpfuzz
