// One sentence that says what happened.
#pragma once

#include <string>

#include "repro/report/session_report.h"

namespace tpfuzz {

/// Plain text: "Under d25e37d, 8 distinct violations were found in 1,234 executions."
std::string sentence_of(const SessionReport& report);

/// The sentence, with what it is worth, as an element of the class `banner`.
std::string banner_of(const SessionReport& report);

}  // namespace tpfuzz
