#include "fuzz/oracle/grace.h"

#include <signal.h>

namespace tpfuzz {

[[gnu::noinline]] bool grace_holds(const Event& event) {
  return event.kind != Event::Kind::late && event.kind != Event::Kind::unwaited &&
         (event.kind != Event::Kind::faulted || event.result != SIGTRAP);
}

}  // namespace tpfuzz
