// The fuzzer that fuzz.sh starts before `repro` is built (fuzz/target/first.sh).
#pragma once

#include <cstdint>

#include "repro/session/findings.h"

namespace tpfuzz {

/// Takes in what it has found, into the run that began at `begin`; a second time there is nothing. Throws InputError.
void take_first(const SessionPlan& plan, Findings& findings, std::int64_t begin);

}  // namespace tpfuzz
