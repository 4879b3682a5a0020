// Which build this is.
#pragma once

#include <string_view>

namespace tpfuzz {

/// The commit that was built, "1234567" or "1234567-changed" if files differed from it; "unknown" outside of git.
std::string_view build_commit();

/// "Clang 19.1.7".
std::string_view build_compiler();

}  // namespace tpfuzz
