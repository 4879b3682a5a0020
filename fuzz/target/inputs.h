// What the libFuzzer targets take for an input, and how libFuzzer changes one: `inputs.cc` has its custom mutator.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Says how inputs are changed from now on: as bytes, and not as sequences; drawn with so many `operations` over 3
/// functions and 3 priorities, passed by one reader twice (shape.h), or, for 0, with any. With `both_readers` some
/// tracepoints have faultable readers.
void set_mutation(bool of_bytes, int operations, bool both_readers);

/// Whether many drawn sequences have delays in traps, from now on: where the subject's handler keeps something. A few
/// have them anyway.
void draw_traps(bool many);

/// From now on some tracepoints have users besides their probes: the subject counts them.
void draw_key_users();

/// From now on inputs are files of a person: all are run.
void run_all_inputs();

/// The sequence that is run of an input; nothing if it is text with a mistake. Nor is an input run, unless all are,
/// that has faultable readers without `both_readers`, or a `sync` or `free` that does not wait for all kinds of its
/// readers: that is a mistake of the input. The sequence expects no results, as they are promises about an unchanged
/// sequence, and inputs are changed all the time; and the sequence declares only probes and tracepoints that an
/// operation names.
std::optional<Sequence> sequence_of(std::span<const std::uint8_t> bytes);

}  // namespace tpfuzz
