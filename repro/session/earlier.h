// The inputs on which a finding depends that does not replay alone.
//
// The target writes the last inputs that ran before the one that it died of (fuzz/target/earlier.h). Of these
//
//   1. the last 1, 2, 4, ... are tried before it, until it shows; all, if it shows after no fewer
//   2. each of them is left out in turn, and stays out if it shows without it
//   3. the rest stay in FILE.before, in their order, each with the record of what it ran under
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "repro/session/findings.h"

namespace tpfuzz {

/// Whether a finding shows after some inputs.
using ShowsAfter = std::function<bool(const std::vector<std::string>& earlier)>;

struct Dependence {
  std::vector<std::string> inputs;
  bool shows = false;  ///< the finding, after them
};

/// 1 and 2. If it shows after none, they are all `inputs`.
Dependence dependence(std::vector<std::string> inputs, const ShowsAfter& shows_after);

/// All three, for the inputs in the directory `before`; tells what came of it. Throws InputError.
void keep_earlier(const SessionPlan& plan, const Findings& findings, const Finding& finding, const std::string& before);

}  // namespace tpfuzz
