// The invariant `result`: every call returns what the reference model returns, and what the sequence says behind `->`.
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether the result of the register or unregister that ends with `event` is right; `history` has taken it in.
bool result_holds(const History& history, const Event& event);

}  // namespace tpfuzz
