#include "fuzz/oracle/patch_order.h"

namespace tpfuzz {

[[gnu::noinline]] bool patch_order_holds(const Event& event) { return event.kind != Event::Kind::disorder; }

}  // namespace tpfuzz
