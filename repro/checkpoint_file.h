// The file of `repro verify --checkpoint`: an exploration that was interrupted, for another process to go on with.
//
//   1. a line of JSON: what is explored, and by which program
//   2. numbers, least significant byte first: the checkpoint (fuzz/explore/checkpoint.h), 6 bytes for each state that
//      was met and 4 for each that is still to be explored
//
// The file appears whole or not at all: whoever is killed while it is written leaves the one before.
#pragma once

#include <optional>
#include <string>

#include "fuzz/explore/checkpoint.h"

namespace tpfuzz {

/// What a checkpoint is of.
struct Exploring {
  std::string subject;   ///< its name, and the text of a protocol file
  std::string explored;  ///< the bounds in words, or the sequence; and the invariant that alone counts
  bool operator==(const Exploring&) const = default;
};

/// Writes `checkpoint` to `file`. Throws InputError.
void write_checkpoint(const std::string& file, const Exploring& exploring, const Checkpoint& checkpoint);

/// The checkpoint in `file`; nothing if there is no such file. Throws InputError if it holds something else, or one of
/// another program, or of something else than `exploring`.
std::optional<Checkpoint> read_checkpoint(const std::string& file, const Exploring& exploring);

}  // namespace tpfuzz
