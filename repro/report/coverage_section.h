// What was reached: the interleavings met, and the code coverage of the core.
#pragma once

#include <string>

#include "repro/report/session_report.h"

namespace tpfuzz {

/// The section `coverage`.
std::string coverage_section_of(const SessionReport& report);

}  // namespace tpfuzz
