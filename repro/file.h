// Input files: whole contents, sequences, and the files behind the paths of a command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// A mistake of the user, or of the input: one line, "FILE:LINE: message" where it is about a file. Ends in exit
/// code 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The files that `paths` name, in order; of a directory all files below it but *.md, sorted by name. Throws
/// InputError.
std::vector<std::string> files_of(const std::vector<std::string>& paths);

/// The contents of `file`. Throws InputError.
std::vector<std::uint8_t> read_bytes(const std::string& file);

/// The sequence that the contents of `file` are, of either form. Throws InputError.
Sequence parse_sequence(const std::string& file, const std::vector<std::uint8_t>& bytes);

/// The sequence in `file`. Throws InputError.
inline Sequence read_sequence(const std::string& file) { return parse_sequence(file, read_bytes(file)); }

}  // namespace tpfuzz
