// What is wrong with an input, and where: `FILE:LINE: message` is this with the file's name.
#pragma once

#include <string>

namespace tpfuzz {

/// One mistake in an input.
struct Error {
  int line = 0;         ///< 1-based; 0: the whole file
  std::string message;  ///< one line, no full stop, no new line
  bool operator==(const Error&) const = default;
};

}  // namespace tpfuzz
