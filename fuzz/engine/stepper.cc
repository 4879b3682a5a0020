#include "fuzz/engine/stepper.h"

#include "core/annotate.h"
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
  bool goes_on = false;
  if (!schedule_.idle(cpu)) {
    schedule_.go_on(cpu);
    goes_on = engine_.turn({Kind::resume, cpu, 0});
  } else {
    schedule_.begin(cpu);
    goes_on = engine_.turn({is_worker(cpu) ? Kind::worker : Kind::start, cpu, operation});
  }
  tp::ignore_begin();  // between two turns nobody runs, of which ThreadSanitizer knows nothing
  if (memory_ != nullptr) memory_->shrink_numbers();
  tp::ignore_end();
  return goes_on;
}

void Stepper::save(SavedBytes& out) const {
  out.put(grace_periods_.model());
  schedule_.save(out);
  engine_.save(out);
}

void Stepper::restore(SavedReader& in) {
  grace_periods_.restore(in.take<ModelRcu>());
  schedule_.restore(in);
  engine_.restore(in);
}

ExecutionDigest Stepper::describe(std::optional<DigestPart> without) const {
  ExecutionDigest digest(engine_.heap(), grace_periods_.model(), without);
  engine_.describe(digest, schedule_.cpus());
  return digest;
}

}  // namespace tpfuzz
