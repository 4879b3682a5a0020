// Output files.
#pragma once

#include <string>

namespace tpfuzz {

/// Writes `text` to `file`, whole or not at all (whole_file.h), unless it is a device, a pipe or a link; or to standard
/// output, if `file` is empty. Throws InputError.
void write_output(const std::string& file, const std::string& text);

/// Throws InputError if `file` can't be written, as far as that shows beforehand. Changes nothing.
void check_output(const std::string& file);

}  // namespace tpfuzz
