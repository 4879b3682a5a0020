#include "fuzz/oracle/key.h"

namespace tpfuzz {

[[gnu::noinline]] bool key_holds(const Hit& hit) { return hit.keyed || !hit.held; }

}  // namespace tpfuzz
