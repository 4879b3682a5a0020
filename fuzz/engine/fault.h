// Turning a subject's memory faults and illegal instructions into calls; and endless loops (watchdog.h).
#pragma once

namespace tpfuzz {

/// Whose subject may fault.
class FaultCatcher {
 public:
  virtual ~FaultCatcher() = default;

  /// A fault of the subject: called in place of the code that faulted, on its stack.
  [[noreturn]] virtual void fault(int signal) = 0;

  /// The subject goes on for ever: called likewise, in place of what it would do next.
  [[noreturn]] virtual void endless() = 0;

  /// Whether the code that this thread runs now is the subject's: whose faults are findings.
  virtual bool in_subject() const = 0;
};

/// From now until `catch_faults(nullptr)`, a SIGSEGV, SIGBUS, SIGILL or SIGFPE while `catcher->in_subject()` becomes a
/// call of `catcher->fault(signal)`. All others go to the previous handler. The handlers are installed by the first
/// call and stay.
void catch_faults(FaultCatcher* catcher);
FaultCatcher* current_catcher();

/// The same for SIGTRAP: of a retired function. To be called before the subject installs its own handler, which then
/// answers for the traps of its sites and hands the others on. The first call does the work. From now on, handlers
/// of this thread have a stack of their own.
void catch_traps();

/// For a signal's handler with its `context`: when it returns, the thread goes on in `landing` instead of the code that
/// was interrupted, on its stack.
void land(void* context, void (*landing)());

}  // namespace tpfuzz
