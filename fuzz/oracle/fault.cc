#include "fuzz/oracle/fault.h"

namespace tpfuzz {

[[gnu::noinline]] bool fault_holds(const Event& event) { return event.kind != Event::Kind::faulted; }

}  // namespace tpfuzz
