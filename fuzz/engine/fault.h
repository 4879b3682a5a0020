// Turning a subject's memory faults and illegal instructions into calls.
#pragma once

namespace tpfuzz {

class Lockstep;

/// From now until `catch_faults(nullptr)`, a SIGSEGV, SIGBUS, SIGILL or SIGFPE while `engine.in_subject()` becomes a
/// call of `engine.fault(signal)` on the stack of the code that faulted. All others go to the previous handler.
/// The handlers are installed by the first call and stay.
void catch_faults(Lockstep* engine);

}  // namespace tpfuzz
