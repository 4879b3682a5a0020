// How far a session is: told on the terminal, and noted in history.jsonl (repro/session.h).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "repro/session/plan.h"
#include "repro/session/progress.h"

namespace tpfuzz {

/// A line of history.jsonl.
struct Moment {
  std::int64_t run = 0;  ///< its begin, in seconds since 1970
  std::int64_t seconds = 0;
  std::int64_t executions = 0;  ///< of all runs so far
  std::size_t corpus = 0;
  std::size_t interleavings = 0;
  std::size_t findings = 0;
  std::string sanitizer = {};
  int jobs = 0;
};

/// The inputs in the corpus.
std::size_t count_inputs(const SessionPlan& plan);

/// Executions and interleavings of all runs so far. Throws InputError.
Reached reached_in(const SessionPlan& plan);

/// "tpfuzz: 132 s  execs=1286049  execs_per_s=12585  corpus=3622  interleavings=434/462  findings=8": `moment`, with
/// the executions of this run.
std::string progress_line(const Moment& moment, std::int64_t executions, std::int64_t speed, std::size_t possible);

class Meter {
 public:
  /// A run begins now. Throws InputError.
  explicit Meter(const SessionPlan& plan);

  std::int64_t begin() const { return begin_; }  ///< in seconds since 1970
  std::int64_t seconds() const;                  ///< since then
  std::int64_t executions_before() const { return executions_before_; }

  /// Notes how far it is, with so many findings. Returns the line that tells it, once a second has passed since the
  /// last one; else nothing. Throws InputError.
  std::string note(std::size_t findings);

 private:
  const SessionPlan& plan_;
  std::int64_t begin_;
  std::int64_t executions_before_;
  std::int64_t told_at_ = 0;  // in seconds, as of the last time
  std::int64_t told_executions_;
};

}  // namespace tpfuzz
