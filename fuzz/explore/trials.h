// The executions of one search: how many there were, whether they may go on, and the simplest sequence that reproduced
// what is wanted.
#pragma once

#include <functional>
#include <limits>
#include <optional>

#include "fuzz/execute.h"
#include "fuzz/explore/complexity.h"

namespace tpfuzz {

class Trials {
 public:
  /// Whether an execution of a sequence shows what is to be kept.
  using Wanted = std::function<bool(const Sequence&, const Execution&)>;
  /// Whether a sequence shows it, however that is found out; it may take its time.
  using Shows = std::function<bool(const Sequence&)>;
  /// Told of now and then; false stops all trials.
  using Progress = std::function<bool(const Trials&)>;

  static constexpr long kUnlimited = std::numeric_limits<long>::max();

  Trials(Executor& executor, Wanted wanted, Progress progress)
      : executor_(&executor), wanted_(std::move(wanted)), progress_(std::move(progress)) {}

  /// Without an executor: there is no `trace`.
  Trials(Shows shows, Progress progress) : shows_(std::move(shows)), progress_(std::move(progress)) {}

  /// Executes `sequence` and returns whether it shows what is wanted. Returns false when the trials are over, so that
  /// every search ends with what it has.
  bool reproduces(const Sequence& sequence);

  /// From now on at most so many executions.
  void grant(long executions) { granted_ = executions == kUnlimited ? kUnlimited : executions_ + executions; }

  /// Whether no more executions are made: stopped, or nothing is left of what was granted.
  bool over() const { return stopped_ || executions_ >= granted_; }
  bool stopped() const { return stopped_; }

  long executions() const { return executions_; }

  /// Of the last execution.
  const Trace& trace() const { return *trace_; }

  /// The simplest sequence that has shown what is wanted; there is one.
  const Sequence& best() const { return *best_; }

 private:
  bool try_out(const Sequence& sequence);
  void remember(const Sequence& sequence);

  Executor* executor_ = nullptr;
  Wanted wanted_;
  Shows shows_;
  Progress progress_;
  std::optional<Sequence> best_;
  std::optional<Complexity> complexity_;  // of the best
  const Trace* trace_ = nullptr;
  long executions_ = 0;
  long granted_ = kUnlimited;
  bool stopped_ = false;
};

}  // namespace tpfuzz
