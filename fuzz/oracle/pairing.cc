#include "fuzz/oracle/pairing.h"

namespace tpfuzz {

[[gnu::noinline]] bool pairing_holds(const History& history, const Event& event) {
  return history.registered(event.func, event.data);
}

}  // namespace tpfuzz
