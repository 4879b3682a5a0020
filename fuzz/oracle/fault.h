// The invariant `fault`: no CPU takes a memory fault or an illegal instruction. The engine catches the signal
// (engine/fault.h) and the subject's CPU stops there.
#pragma once

#include "fuzz/engine/trace.h"

namespace tpfuzz {

/// Whether `event` is no fault.
bool fault_holds(const Event& event);

}  // namespace tpfuzz
