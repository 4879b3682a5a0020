// Bytes of either form as a sequence: what a file or a fuzz input holds.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/text.h"

namespace tpfuzz {

/// The sequence that `bytes` are: text if they begin so, and then perhaps wrong; else binary, which never is.
inline std::variant<Sequence, Error> parse_input(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (is_text(text)) return parse_text(text);
  return decode(bytes);
}

}  // namespace tpfuzz
