// A file of lines that grows, and that other programs read meanwhile. A line is there when its line end is.
#pragma once

#include <string>
#include <vector>

namespace tpfuzz {

/// Adds `line`, which has no end, to `file`: as a whole or not at all. Throws InputError.
void append_line(const std::string& file, const std::string& line);

/// The whole lines of `file`; none if there is no such file. Throws InputError.
std::vector<std::string> whole_lines(const std::string& file);

/// Takes off what stands behind the last line end: whoever wrote that was killed.
void drop_cut_line(const std::string& file);

}  // namespace tpfuzz
