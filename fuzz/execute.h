// The one door: (sequence, subject, engine) -> trace and verdict.
#pragma once

#include <memory>

#include "core/native_env.h"
#include "fuzz/engine/engines.h"
#include "fuzz/engine/fault.h"
#include "fuzz/engine/perform.h"
#include "fuzz/engine/stress.h"
#include "fuzz/oracle/judge.h"
#include "fuzz/oracle/oracle.h"
#include "fuzz/subject/catalogue.h"
#include "fuzz/subject/prepare.h"

namespace tpfuzz {

/// Makes the process ready to execute. The first call does the work. Returns nothing, or what the system refused.
inline std::optional<Error> prepare() {
  catch_traps();
  if (auto refused = tp::NativeEnv::prepare())
    return Error{.message = *std::move(refused)};  // the barriers of `threads`
  return prepare_subjects();
}

struct Execution {
  Verdict verdict;
  const Trace& trace;                          ///< valid until the next execution
  const std::vector<Divergence>& divergences;  ///< likewise; lockstep has none
};

/// Runs sequences on one subject, each from a fresh start. One at a time in a process (scheduled_engine.h).
class Executor {
 public:
  /// Notes the interleavings that it meets in `interleavings`, if that is not nullptr; takes the schedule from
  /// `scheduler`, or from the text if that is nullptr.
  explicit Executor(Subject& subject, Interleavings* interleavings = nullptr, EngineKind kind = EngineKind::lockstep,
                    Scheduler* scheduler = nullptr)
      : subject_(subject), oracle_(interleavings), parts_(make_engine(subject, kind, scheduler)) {}

  /// Runs `sequence`, without what the subject lacks (engine/perform.h).
  Execution run(const Sequence& sequence) {
    const Sequence& its = possible_.of(sequence, subject_);
    oracle_.start(its, subject_.rules());
    ScheduledEngine& engine = parts_->engine();
    const Trace& trace = engine.run(its, oracle_);
    return {oracle_.verdict(), trace, engine.divergences()};
  }

 private:
  Subject& subject_;
  Oracle oracle_;
  std::unique_ptr<EngineParts> parts_;
  Possible possible_;
};

/// Runs sequences on one subject with the engine `stress`. One at a time in a process (stress.h).
class StressExecutor {
 public:
  explicit StressExecutor(Subject& subject) : subject_(subject), engine_(subject) {}

  /// One run, with delays drawn from `random`. Nothing is found for certain; what is found is so.
  Verdict run(const Sequence& sequence, Random& random) {
    const Sequence& its = possible_.of(sequence, subject_);
    run_ = &engine_.run(its, random);
    return judge(*run_, its, subject_.rules());
  }

  /// What was seen in the last run, which there is. Valid until the next.
  const FreeRun& last() const { return *run_; }

 private:
  Subject& subject_;
  Stress engine_;
  Possible possible_;
  const FreeRun* run_ = nullptr;
};

}  // namespace tpfuzz
