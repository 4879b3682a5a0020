// Verdicts as SARIF 2.1.0, the format that code scanning takes:
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
#pragma once

#include <string>
#include <vector>

#include "repro/session/verdict_record.h"

namespace tpfuzz {

/// One run with a result for each violation of `records`, and a rule for each invariant. `version` is tpfuzz's.
std::string sarif_of(const std::vector<VerdictRecord>& records, const std::string& version);

/// `path` as a reference of RFC 3986: a relative path as it is, an absolute one as "file:///...".
std::string uri_of(const std::string& path);

}  // namespace tpfuzz
