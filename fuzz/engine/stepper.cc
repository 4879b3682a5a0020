#include "fuzz/engine/stepper.h"

#include "fuzz/base/check.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

bool Stepper::enabled(int cpu) const {
  if (!schedule_.idle(cpu)) return schedule_.can_go_on(cpu);
  return !is_worker(cpu) || schedule_.worker_wanted();
}

bool Stepper::step(int cpu, int operation) {
  using Kind = Scheduler::Next::Kind;
  TPFUZZ_CHECK(enabled(cpu));
  if (!schedule_.idle(cpu)) {
    schedule_.go_on(cpu);
    return engine_.turn({Kind::resume, cpu, 0});
  }
  schedule_.begin(cpu);
  return engine_.turn({is_worker(cpu) ? Kind::worker : Kind::start, cpu, operation});
}

}  // namespace tpfuzz
