// What the findings were made with, as the session recorded it.
#pragma once

#include <string>

#include "repro/report/session_report.h"

namespace tpfuzz {

/// The section `made-with`.
std::string made_section_of(const SessionReport& report);

}  // namespace tpfuzz
