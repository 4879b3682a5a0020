// Which tpfuzz this is.
#pragma once

#include <string>

namespace tpfuzz {

/// "tpfuzz 1.0, commit 0123456789ab, clang 19.1.7, address sanitizer". After a commit stands "-changed" if the sources
/// were changed since; the commit is "unknown" if the sources are no git repository.
std::string version_line();

/// "1.0"
std::string version_number();

/// "0123456789ab", likewise.
std::string version_commit();

/// "clang 19.1.7"
std::string version_compiler();

}  // namespace tpfuzz
