// Which findings have one cause: the same transition is to blame, and their explanations tell the same story.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "repro/report/session_report.h"

namespace tpfuzz {

struct Cause {
  std::string transition;             ///< empty: none
  std::string sentence;               ///< that tells why, of the first of them; empty: nothing explains it
  std::vector<std::size_t> findings;  ///< indices, in their order
};

/// In the order of their first findings. Each finding is in one of them.
std::vector<Cause> causes_of(const std::vector<ShownFinding>& findings);

}  // namespace tpfuzz
