#include "fuzz/oracle/arguments.h"

namespace tpfuzz {

[[gnu::noinline]] bool arguments_hold(const Event& event) { return event.kind != Event::Kind::wrong_argument; }

}  // namespace tpfuzz
