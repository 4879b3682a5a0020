// What a sequence gives in a fresh process: this program, started anew, runs it. What ran here before has no part in
// it.
#pragma once

#include <string>

namespace tpfuzz {

/// Runs the sequence in `text`, under the subject that it records. Returns the verdict's line (verdict.h), or what the process said last if
/// it came to none. Throws InputError.
std::string run_fresh(const std::string& text);

/// Whether a line is a violation's.
bool is_violation(const std::string& line);

}  // namespace tpfuzz
