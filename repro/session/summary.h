// What a session came to, as one JSON object: `fuzz.sh --json`.
#pragma once

#include <cstdint>

#include "repro/session/findings.h"
#include "repro/session/plan.h"

namespace tpfuzz {

struct Summary {
  std::int64_t seconds = 0;
  std::int64_t executions = 0;  ///< of this run
};

/// Keeps standard output for a summary: from its construction on, whatever else is written there goes to standard
/// error.
class SummaryOutput {
 public:
  SummaryOutput();
  ~SummaryOutput();
  SummaryOutput(const SummaryOutput&) = delete;
  SummaryOutput& operator=(const SummaryOutput&) = delete;

  /// Prints the summary, with the lines of findings.jsonl of what is known. Throws InputError.
  void print(const SessionPlan& plan, const Findings& findings, const Summary& summary) const;

 private:
  int descriptor_;
};

}  // namespace tpfuzz
