#include "fuzz/base/format.h"

#include <fmt/format.h>

namespace tpfuzz {

std::string vformatted(fmt::string_view text, fmt::format_args arguments) { return fmt::vformat(text, arguments); }

}  // namespace tpfuzz
