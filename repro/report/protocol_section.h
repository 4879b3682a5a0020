// The protocol's text, in which the transitions stand out that findings blame.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "repro/report/session_report.h"

namespace tpfuzz {

/// The section `protocol`.
std::string protocol_section_of(const SessionReport& report);

/// The lines of a protocol's `text` that are about `transition`, "0->1: update_call; publish".
std::vector<std::string> lines_about(std::string_view text, std::string_view transition);

}  // namespace tpfuzz
