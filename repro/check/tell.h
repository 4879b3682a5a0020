// What `repro check` prints of what it has tried: for people, and for programs.
#pragma once

#include <string>

#include "repro/check/checked.h"

namespace tpfuzz {

/// The first line is the verdict's, the last one the conclusion. With `shows_sequence` the counterexample stands in it.
std::string as_text(const Checked& checked, bool shows_sequence);

/// One JSON object in one line (docs/check.md). Nothing in it depends on the time.
std::string as_json(const Checked& checked);

/// The counterexample as a file has it: the sequence, with its diagram in the comment.
std::string as_file(const Counterexample& counterexample);

}  // namespace tpfuzz
