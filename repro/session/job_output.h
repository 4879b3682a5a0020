// What a fuzzer says: a violation with its sequence and its DEDUP_TOKEN (fuzz/target/report.cc), a sanitizer's report
// with the sequence behind it, and where libFuzzer put the input.
#pragma once

#include <string>

namespace tpfuzz {

/// The file that the input was written to; empty if there is none.
std::string artifact_in(const std::string& output);

/// The token of the violation; empty if there is none.
std::string violation_token(const std::string& output);

/// The token of what a sanitizer, or libFuzzer itself, saw in a build with `sanitizer`: "address-heap-use-after-free".
std::string report_token(const std::string& output, const std::string& sanitizer);

/// Whether `token` is one of those, and not a violation's.
bool is_report_token(const std::string& token);

/// What a person reads of it: of a violation from its verdict to its token; else of the report its first lines, and the
/// sequence.
std::string told_of(const std::string& output);

/// Whether it has begun to tell a finding.
bool tells_finding(const std::string& output);

/// The last lines, without the last end: what is told of what can't be understood.
std::string last_lines(const std::string& output);

/// What its user has to put right, likewise.
std::string complaint_in(const std::string& output);

}  // namespace tpfuzz
