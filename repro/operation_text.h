// An operation of a sequence in its own words.
#pragma once

#include <string>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// The canonical text of operation `index` without CPU, parks and expected result: "register b tp=1".
std::string operation_text(const Sequence& sequence, std::size_t index);

}  // namespace tpfuzz
