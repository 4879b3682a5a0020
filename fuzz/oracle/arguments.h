// The invariant `arguments`: a function gets the arguments that its call site passed. The rule stands in
// subject/arrive.h, where the arguments arrive.
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no function that got something else.
bool arguments_hold(const Event& event);

}  // namespace tpfuzz
