// The invariant `pairing`: a function runs only with data that some probe had registered with it before the call. The
// bug of the first mail breaks it: callback1 is called with callback2's data.
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether the call `event` may run; `history` has not taken it in yet.
bool pairing_holds(const History& history, const Event& event);

}  // namespace tpfuzz
