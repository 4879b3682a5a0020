// Text that is put together. Where fmt is header-only, as in what a cluster builds, each source that calls it compiles
// all of it. So what a cluster builds calls it in one place.
#pragma once

#include <fmt/core.h>

#include <string>

namespace tpfuzz {

/// fmt::vformat.
std::string vformatted(fmt::string_view text, fmt::format_args arguments);

/// fmt::format, with its check of `text` against the arguments when this is compiled.
template <class... T>
std::string formatted(fmt::format_string<T...> text, T&&... arguments) {
  return vformatted(text, fmt::make_format_args(arguments...));
}

}  // namespace tpfuzz
