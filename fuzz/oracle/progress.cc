#include "fuzz/oracle/progress.h"

namespace tpfuzz {

[[gnu::noinline]] bool progress_holds(const Event& event) {
  return event.kind != Event::Kind::stuck && event.kind != Event::Kind::endless;
}

}  // namespace tpfuzz
