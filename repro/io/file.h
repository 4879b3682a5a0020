// Input files: whole contents, sequences, and the files behind the paths of a command line.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "fuzz/sequence/input.h"

namespace tpfuzz {

/// Mistakes of the user, or in the input: a line for each, as to_line(Error) writes it. Ends in exit code 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
  explicit InputError(const Error& error) : std::runtime_error(to_line(error)) {}
  explicit InputError(const std::vector<Error>& errors) : std::runtime_error(to_lines(errors)) {}
};

/// The files that `paths` name, in order; of a directory those below it that are meant as sequences, sorted by name:
/// those that are called *.seq, and the others that are one or say so in their header. Never what is hidden or called
/// *.tmp, which nobody has finished. How many are skipped is told on stderr. Throws InputError.
std::vector<std::string> files_of(const std::vector<std::string>& paths);

/// Whether `path` is a directory.
bool is_directory(const std::string& path);

/// The contents of `file`; of "-" what standard input has. Throws InputError.
std::vector<std::uint8_t> read_bytes(const std::string& file);

/// The sequence that the contents of `file` are, with the subject that they record. It has an operation: of none,
/// nothing could be told. Throws InputError.
Input parse_sequence(const std::string& file, const std::vector<std::uint8_t>& bytes,
                     Reading reading = Reading::careful);

/// The sequence in `file`, likewise.
inline Input read_sequence(const std::string& file, Reading reading = Reading::careful) {
  return parse_sequence(file, read_bytes(file), reading);
}

}  // namespace tpfuzz
