// Delays in the trap handler: a writer stops in the middle of a patch, and a reader runs into the int3. What generate
// draws has none, as most protocols keep nothing for their handler; who wants them calls this besides.
#pragma once

#include "fuzz/sequence/random.h"
#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Stops one operation of `sequence` that changes probes in a patch, and lays a hit of its tracepoint under it that is
/// delayed in the trap. Returns whether there is such an operation, and room for the hit.
bool draw_trap(Sequence& sequence, Random& random);

}  // namespace tpfuzz
