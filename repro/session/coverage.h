// What of the core the corpus covers, by llvm-cov, with a build of its own.
#pragma once

#include "repro/session/findings.h"

namespace tpfuzz {

/// Measures it into coverage.json, from the project's root. Where that fails it says why, and the report does without.
void measure_coverage(const SessionPlan& plan, const Findings& findings);

}  // namespace tpfuzz
