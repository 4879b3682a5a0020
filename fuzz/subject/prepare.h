// What subjects need of the process.
#pragma once

#include <optional>
#include <string>

namespace tpfuzz {

/// Makes the process ready for subjects: maps the text of their call sites. The first call does the work. Returns
/// nothing, or one line that says what the system refused.
std::optional<std::string> prepare_subjects();

}  // namespace tpfuzz
