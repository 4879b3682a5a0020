// Turning a subject's memory faults and illegal instructions into calls.
#pragma once

namespace tpfuzz {

class Lockstep;

/// From now until `catch_faults(nullptr)`, a SIGSEGV, SIGBUS, SIGILL or SIGFPE while `engine.in_subject()` becomes a
/// call of `engine.fault(signal)` on the stack of the code that faulted. All others go to the previous handler.
/// The handlers are installed by the first call and stay.
void catch_faults(Lockstep* engine);

/// The same for SIGTRAP: of a retired function. To be called before the subject installs its own handler, which then
/// answers for the traps of its sites and hands the others on. The first call does the work.
void catch_traps();

}  // namespace tpfuzz
