// The invariant `progress`: a waiting CPU is waiting for somebody, and every operation ends. The schedule finds the
// contrary (docs/sequences.md, rule 9); what goes on for ever the engine ends (engine/steps.h, engine/watchdog.h).
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no CPU that waits for nobody, and none that goes on for ever.
bool progress_holds(const Event& event);

}  // namespace tpfuzz
