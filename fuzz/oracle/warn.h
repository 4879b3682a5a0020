// The invariant `warn`: code that checks itself (WARN_ON of the kernel's) finds nothing wrong but mistakes of its
// caller.
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no warning.
bool warn_holds(const Event& event);

}  // namespace tpfuzz
