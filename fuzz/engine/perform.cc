#include "fuzz/engine/perform.h"

#include <array>

namespace tpfuzz {

int perform(Subject& subject, const Sequence& sequence, const Operation& operation) {
  std::array<Probe, kMaxProbes> probes;
  std::size_t count = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((operation.probes >> slot & 1) != 0) {
      probes[count] = sequence.probes[slot].value_or(Probe{});
      if (operation.prio) probes[count].prio = *operation.prio;
      ++count;
    }
  if (count == 0) probes[count++].func = kNoFunction;
  switch (operation.verb) {
    case Verb::register_probe:
      return subject.register_probe(operation.tp, probes[0]);
    case Verb::unregister_probe:
      return subject.unregister_probes(operation.tp, {probes.data(), count});
    case Verb::sync:
      subject.sync();
      return 0;
    case Verb::hit:
      subject.hit(operation.tp, operation.site);
      return 0;
    case Verb::run:
      break;
  }
  return 0;
}

const Operation* worker_line(const Sequence& sequence, int run) {
  for (const Operation& operation : sequence.operations)
    if (operation.cpu.kind == Cpu::Kind::worker && run-- == 0) return &operation;
  return nullptr;
}

}  // namespace tpfuzz
