// The invariant `text`: whenever a CPU is about to run a patchable site, its bytes are an instruction that the patcher
// wrote, or a trap that it answers for.
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no CPU that is about to run anything else.
bool text_holds(const Event& event);

}  // namespace tpfuzz
