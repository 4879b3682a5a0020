// The findings: a card each, grouped by cause.
#pragma once

#include <string>

#include "repro/report/session_report.h"

namespace tpfuzz {

/// The section `findings`.
std::string cards_of(const SessionReport& report);

}  // namespace tpfuzz
