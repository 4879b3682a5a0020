// The invariant `hooks`: a tracepoint's enable and disable hooks alternate, exactly once for each change between no
// probe and some, also when a call fails: a registration that fails behind the enable hook runs the disable hook.
#pragma once

#include "fuzz/oracle/history.h"

namespace tpfuzz {

/// Whether the hook `event` is due in its operation; or, of an operation that ends with `event`, whether all that were
/// due ran. `history` has taken it in.
bool hooks_hold(const History& history, const Event& event);

}  // namespace tpfuzz
