// The invariant `grace`: after `sync` returns, no function or data that it took away runs or is touched. A retired
// function's entry is an int3 that nobody answers for; a touch of data is announced by who is about to touch it. Where
// grace periods are liburcu's, a wait for one ends after one (engine/real_grace_periods.h).
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is none of these.
bool grace_holds(const Event& event);

}  // namespace tpfuzz
