// The one door: (sequence, subject, engine) -> trace and verdict.
#pragma once

#include "fuzz/engine/fault.h"
#include "fuzz/engine/lockstep.h"
#include "fuzz/oracle/oracle.h"
#include "fuzz/subject/catalogue.h"

namespace tpfuzz {

/// Makes the process ready to execute. The first call does the work. Returns nothing, or one line that says what the
/// system refused.
inline std::optional<std::string> prepare() {
  catch_traps();
  return prepare_subjects();
}

struct Execution {
  Verdict verdict;
  const Trace& trace;  ///< valid until the next execution
};

/// Runs sequences on one subject, each from a fresh start. One at a time in a process (lockstep.h).
class Executor {
 public:
  /// Notes the interleavings that it meets in `interleavings`, if that is not null.
  explicit Executor(Subject& subject, Interleavings* interleavings = nullptr)
      : subject_(subject), oracle_(interleavings), engine_(subject) {}

  Execution run(const Sequence& sequence) {
    oracle_.start(sequence, subject_.enomem_fails());
    const Trace& trace = engine_.run(sequence, oracle_);
    return {oracle_.verdict(), trace};
  }

 private:
  Subject& subject_;
  Oracle oracle_;
  Lockstep engine_;
};

}  // namespace tpfuzz
