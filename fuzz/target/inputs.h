// What the libFuzzer targets take for an input, and how libFuzzer changes one: `inputs.cc` has its custom mutator.
#pragma once

#include <cstdint>
#include <span>

#include "fuzz/sequence/drawing.h"

namespace tpfuzz {

/// Says how inputs are changed from now on: as bytes, or as sequences by `drawing`, which also says what is run.
void set_mutation(bool of_bytes, const Drawing& drawing);

/// From now on inputs are files of a person: all are run.
void run_all_inputs();

/// Makes `sequence` what is run of the input `bytes` (Drawing::make_runnable). Returns whether it may be run: text with
/// a mistake may not.
bool read_input(std::span<const std::uint8_t> bytes, Sequence& sequence);

}  // namespace tpfuzz
