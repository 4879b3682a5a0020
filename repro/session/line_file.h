// A file of lines that grows, and that other programs read meanwhile. A line is there when its line end is.
#pragma once

#include <string>

namespace tpfuzz {

/// Adds `line`, which has no end, to `file`: as a whole or not at all. Throws InputError.
void append_line(const std::string& file, const std::string& line);

/// Takes off what stands behind the last line end: whoever wrote that was killed.
void drop_cut_line(const std::string& file);

}  // namespace tpfuzz
