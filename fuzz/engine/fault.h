// Turning a subject's memory faults and illegal instructions into calls.
#pragma once

namespace tpfuzz {

/// Whose subject may fault.
class FaultCatcher {
 public:
  virtual ~FaultCatcher() = default;

  /// A fault of the subject: called in place of the code that faulted, on its stack.
  [[noreturn]] virtual void fault(int signal) = 0;

  /// Whether the code that this thread runs now is the subject's: whose faults are findings.
  virtual bool in_subject() const = 0;
};

/// From now until `catch_faults(nullptr)`, a SIGSEGV, SIGBUS, SIGILL or SIGFPE while `catcher->in_subject()` becomes a
/// call of `catcher->fault(signal)`. All others go to the previous handler. The handlers are installed by the first
/// call and stay.
void catch_faults(FaultCatcher* catcher);

/// The same for SIGTRAP: of a retired function. To be called before the subject installs its own handler, which then
/// answers for the traps of its sites and hands the others on. The first call does the work.
void catch_traps();

}  // namespace tpfuzz
