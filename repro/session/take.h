// Takes in what a fuzzer has found: records it, and tells how to see it again, and in which company.
//
// Before that it is replayed in a fresh process. What is clean there depends on inputs that ran before it (earlier.h),
// and stays a finding in every later run.
#pragma once

#include <cstdint>
#include <string>

#include "repro/session/findings.h"

namespace tpfuzz {

struct Found {
  std::string output;    ///< of the fuzzer
  std::string artifact;  ///< the file of what it found
  std::string before;    ///< the directory of the inputs before that
};

/// What a fuzzer has left whose output is in the file `output`, and the inputs before its finding in `before`. Nothing
/// is found if there is no such file.
Found read_found(const std::string& output, const std::string& before);

/// Takes in `found`, of the run that began at `begin`. Returns whether a fuzzer can go on past it. Throws InputError.
bool take_finding(const SessionPlan& plan, Findings& findings, std::int64_t begin, const Found& found);

}  // namespace tpfuzz
