// The invariant `patch-order`: a site changes in the order int3, barrier, tail, barrier, first byte, and only while a
// PatchLock is held. The rule stands in subject/site_watch.h, which looks at the bytes at each barrier; so a missing
// barrier is seen without a race.
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no site that changed in another order.
bool patch_order_holds(const Event& event);

}  // namespace tpfuzz
