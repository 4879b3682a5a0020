// Verdicts as JUnit's XML, as Jenkins and GitLab read it: a test case for each file, and a failure for each violation.
#pragma once

#include <string>
#include <vector>

#include "repro/session/verdict_record.h"

namespace tpfuzz {

std::string junit_of(const std::vector<VerdictRecord>& records);

}  // namespace tpfuzz
