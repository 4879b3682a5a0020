#include "fuzz/oracle/warn.h"

namespace tpfuzz {

[[gnu::noinline]] bool warn_holds(const Event& event) { return event.kind != Event::Kind::warned; }

}  // namespace tpfuzz
