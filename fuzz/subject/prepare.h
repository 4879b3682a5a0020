// What subjects need of the process.
#pragma once

#include <optional>

#include "fuzz/base/error.h"

namespace tpfuzz {

/// Makes the process ready for subjects: maps the text of their call sites. The first call does the work. Returns
/// nothing, or what the system refused.
std::optional<Error> prepare_subjects();

}  // namespace tpfuzz
