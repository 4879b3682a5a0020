// What the libFuzzer targets take for an input, and how libFuzzer changes one: `inputs.cc` has its custom mutator.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "fuzz/sequence/drawing.h"

namespace tpfuzz {

/// Says how inputs are changed from now on: as bytes, or as sequences by `drawing`, which also says what is run.
void set_mutation(bool of_bytes, const Drawing& drawing);

/// From now on inputs are files of a person: all are run.
void run_all_inputs();

/// The sequence that is run of an input, as Drawing::runnable says; nothing if it is text with a mistake.
std::optional<Sequence> sequence_of(std::span<const std::uint8_t> bytes);

}  // namespace tpfuzz
