// The declarations of a sequence brought in order, for whoever made its operations by other means than a person's
// text: decode, generate, mutate, cross_over.
#pragma once

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The probes that operations name, a bit each.
std::uint8_t used_probes(const Sequence& sequence);

/// Makes the declarations valid, and leaves valid ones as they are:
///  1. a slot that an operation names and nobody declared becomes func=slot data=slot with the default priority;
///  2. in slot order, a probe with the func and the data of an earlier one gets the next data that is free for its
///  func; after NULL comes 0.
void settle_probes(Sequence& sequence);

}  // namespace tpfuzz
