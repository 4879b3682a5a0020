// All mistakes in the text of a protocol. The core's parser stops at the first one: it stays small. So the text is
// parsed again and again, each time with the line of the last mistake blanked.
#pragma once

#include <string_view>
#include <vector>

#include "core/protocol.h"
#include "fuzz/base/error.h"

namespace tpfuzz {

/// The most mistakes that are told of one text.
inline constexpr std::size_t kMostMistakes = 20;

/// The mistakes in `text`, the first being `first`, which parse_protocol() returned for it; at most kMostMistakes, in
/// the order of their lines. What only the whole text shows (a transition that is missing) is told if no line is wrong:
/// a line that was blanked may have held what is missing.
std::vector<Error> protocol_mistakes(std::string_view text, const Error& first, const tp::Dialect& dialect);

}  // namespace tpfuzz
