// Where the accesses of the core to shared words become points of an execution.
#pragma once

#include "fuzz/subject/host.h"

namespace tpfuzz {

struct HostAccess {
  static void access(tp::Point point) {
    if (accesses_are_points()) [[unlikely]]
      host().access(point);
  }
};

}  // namespace tpfuzz
