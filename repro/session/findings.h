// What was found on a protocol: in memory, and as the lines of findings.jsonl (repro/session.h).
//
// A finding is on the disk before it is told: the target has written its file, then comes the line, in one write, then
// the user reads it. Its sequence is minimised meanwhile; if that is cut short, the next start does it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "repro/session/plan.h"
#include "repro/session/signals.h"

namespace tpfuzz {

struct Finding {
  std::string token;
  std::string file;  ///< as it was found
};

struct Findings {
  std::vector<Finding> known;            ///< in order
  std::vector<std::string> to_minimize;  ///< tokens, the next one first

  /// The one with `token`; nullptr if it is not known.
  const Finding* find(const std::string& token) const;
};

/// A line of findings.jsonl.
struct FindingLine {
  std::string token;
  std::string verdict = {};   ///< or the first line of what a sanitizer said
  std::string artifact = {};  ///< names of files
  std::string sequence = {};
  std::string sanitizer = {};
  std::string explanation = {};  ///< why it violates; empty: not known
  bool alone = true;             ///< it replays without inputs before it
  std::int64_t run = 0;
  std::int64_t executions = 0;
};

/// Takes up what earlier runs have found. What is no finding any more is dropped, and told: the protocol, or the core,
/// may have changed. Who is stopped meanwhile can't tell, and drops nothing. Throws InputError.
Findings recall_findings(const SessionPlan& plan, Signals& signals);

/// The options of the fuzzer that go past what is known, but for `token`.
std::vector<std::string> ignored(const SessionPlan& plan, const Findings& findings, const std::string& token = {});

/// What replays a finding, as the user types it.
std::string replay_line(const SessionPlan& plan, const Findings& findings, const Finding& finding);

}  // namespace tpfuzz
