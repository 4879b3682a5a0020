// The invariant `progress`: a waiting CPU is waiting for somebody. The schedule finds the contrary (rule 9).
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no CPU that waits for nobody.
bool progress_holds(const Event& event);

}  // namespace tpfuzz
