// Why a violation of a free run is one. There is no order of all events, so it tells what was done and what was right,
// and not which wait was missing.
#pragma once

#include <string>

#include "fuzz/engine/free_run.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

/// Explains `violation`, which `judge` found in `run` of `sequence`; `rules` as Subject says.
std::string explain_free(const FreeRun& run, const Sequence& sequence, const Rules& rules, const Violation& violation);

}  // namespace tpfuzz
