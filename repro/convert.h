// `repro convert`: text to binary, and back.
#pragma once

#include <string>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

/// Writes the sequence in the file `in` to the file `out` in the other form, with the subject that it or its session
/// records; comments are not part of either. Returns 0. Throws InputError.
int convert(const std::string& in, const std::string& out, Reading reading);

}  // namespace tpfuzz
