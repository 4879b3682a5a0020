// Minimises what was found, one at a time, behind the fuzzers: `repro witness` of this build, for ten seconds at most.
#pragma once

#include <sys/types.h>

#include <functional>

#include "repro/session/findings.h"

namespace tpfuzz {

class Minimizer {
 public:
  explicit Minimizer(const SessionPlan& plan) : plan_(plan) {}
  /// What is under way ends.
  ~Minimizer();
  Minimizer(const Minimizer&) = delete;
  Minimizer& operator=(const Minimizer&) = delete;

  /// Takes note of one that has ended, and starts on the next, if none is under way. Throws InputError.
  void go_on(Findings& findings);

  /// All that are left, which it tells; once a signal came, only the one that is under way. Calls `meanwhile` now and
  /// then. Throws InputError.
  void finish(Findings& findings, Signals& signals, const std::function<void()>& meanwhile);

 private:
  void begin(const std::string& token, const std::string& file);

  const SessionPlan& plan_;
  pid_t process_ = 0;  // 0: none
};

}  // namespace tpfuzz
