// What the transitions of a protocol cost (oracle/cost.h), measured on two fixed sequences that make each transition
// twice: once with a probe that comes last in the list of probes, and once with one that comes first.
//
//   in a row   operations follow each other at once: each meets a reader that was inside before the operation before
//   apart      a reader that is inside when an operation begins came after the operation before
//
// So a protocol that waits only if a grace period has not passed by itself waits in a row, and not apart. The readers
// have made their call, and are still in their sections: so they break nothing.
#pragma once

#include "fuzz/oracle/cost.h"
#include "fuzz/subject/subject.h"
#include "repro/check/replay.h"

namespace tpfuzz {

struct Costs {
  Cost in_a_row{};
  Cost apart{};
  std::vector<BrokenBy> broken{};  ///< what broke an invariant meanwhile; what came after that is not counted
};

Costs costs_of(Subject& subject);

}  // namespace tpfuzz
