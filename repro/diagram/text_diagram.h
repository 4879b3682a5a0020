// A diagram as text: columns, as in the messages of kernel commits. Plain ASCII without tabs or trailing blanks, ready
// to be pasted.
#pragma once

#include <string>

#include "repro/diagram/diagram.h"

namespace tpfuzz {

/// How wide the columns are together, if that can be: those of two CPUs always can, more may need more.
inline constexpr std::size_t kTextWidth = 75;

/// The whole text. Its last line is the verdict's, which is never broken.
std::string text_of(const Diagram& diagram);

}  // namespace tpfuzz
