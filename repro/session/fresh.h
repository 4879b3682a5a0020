// What a sequence gives in a fresh process: this program, started anew, runs it. What ran here before has no part in
// it, and a sanitizer's report ends that process and not this one.
#pragma once

#include <string>

namespace tpfuzz {

/// Runs the sequence in `text`, under the subject that it records, which verdicts call `name`. Throws InputError.
/// Returns one line:
///   the verdict's (verdict.h);
///   "tpfuzz: REPORT sanitizer=address kind=heap-use-after-free protocol=P" where a sanitizer's report ended the
///   process; what the process said last if it came to neither.
std::string run_fresh(const std::string& text, const std::string& name);

/// Whether a line is a violation's.
bool is_violation(const std::string& line);

/// Whether it is a report's.
bool is_report(const std::string& line);

}  // namespace tpfuzz
