#include "fuzz/oracle/text.h"

namespace tpfuzz {

[[gnu::noinline]] bool text_holds(const Event& event) { return event.kind != Event::Kind::torn; }

}  // namespace tpfuzz
