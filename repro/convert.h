// `repro convert`: text <-> binary.
#pragma once

#include <string>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

struct ConvertOptions {
  std::string in;
  std::string out;  ///< as output.h says
  std::string to;   ///< "text" or "binary"; empty: what `in` is not
  Reading reading = Reading::careful;
};

/// Writes the sequence in the form that is asked for, with the subject that it was found under. Returns 0. Throws
/// InputError.
int convert(const ConvertOptions& options);

}  // namespace tpfuzz
