// `repro points`: where a CPU can be delayed.
#pragma once

#include <string>

namespace tpfuzz {

/// The table of core/points.def in Markdown, as docs/sequences.md has it.
std::string points_table();

/// Prints the points, a line each, as JSON if `json`, or as the table of docs/sequences.md if `markdown`. Returns 0.
int points(bool json, bool markdown);

}  // namespace tpfuzz
