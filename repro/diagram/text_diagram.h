// A diagram as text: columns, as in the messages of kernel commits. Plain ASCII without tabs or trailing blanks, ready
// to be pasted.
#pragma once

#include <string>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// How wide the lines are at most, if that can be, unless it is asked for another width.
inline constexpr std::size_t kTextWidth = 75;
inline constexpr std::size_t kLeastTextWidth = 40;

/// The whole text. Its last line is the verdict's, which is never broken.
std::string text_of(const Diagram& diagram, std::size_t width = kTextWidth);

}  // namespace tpfuzz
