// Output files. The rule of all verbs: `-o FILE` is a file, `-` and no -o are standard output.
#pragma once

#include <string>

namespace tpfuzz {

/// Whether `file` is standard output.
inline bool is_standard_output(const std::string& file) { return file.empty() || file == "-"; }

/// Writes `text` to `file`, whole or not at all (whole_file.h), unless it is a device, a pipe or a link; or to standard
/// output. Throws InputError.
void write_output(const std::string& file, const std::string& text);

/// Throws InputError if `file` can't be written, as far as that shows beforehand. Changes nothing.
void check_output(const std::string& file);

/// Throws InputError if `output` is the file `input`, which a verb would replace by something else.
void check_other_file(const std::string& input, const std::string& output);

/// Prints a line that tells what is written to `file`: on standard output; with `-o -`, whose standard output is the
/// file alone, on standard error.
void tell_of_output(const std::string& file, const std::string& line);

}  // namespace tpfuzz
