#include "fuzz/engine/perform.h"

#include <boost/container/static_vector.hpp>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {

namespace {

using Probes = boost::container::static_vector<Probe, kMaxProbes>;

// What `operation` names of tracepoint `tp`.
Probes probes_of(const Sequence& sequence, const Operation& operation, int tp) {
  Probes probes;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((probes_at(operation, tp) >> slot & 1) != 0) {
      probes.push_back(sequence.probes[slot].value_or(Probe{}));
      if (operation.prio) probes.back().prio = *operation.prio;
    }
  if (probes.empty()) probes.push_back({kNoFunction});
  return probes;
}

int perform_batch(Subject& subject, const Sequence& sequence, const Operation& operation) {
  boost::container::static_vector<Probes, kMaxTracepoints> probes;
  boost::container::static_vector<RemovalPart, kMaxTracepoints> parts;
  for_each_tracepoint(operation, [&](int tp) {
    probes.push_back(probes_of(sequence, operation, tp));
    parts.push_back({tp, {probes.back().data(), probes.back().size()}});
  });
  return subject.unregister_batch({parts.data(), parts.size()});
}

}  // namespace

int perform(Subject& subject, const Sequence& sequence, const Operation& operation) {
  if (spans_tracepoints(operation)) return perform_batch(subject, sequence, operation);
  const Probes probes = changes_probes(operation.verb) ? probes_of(sequence, operation, operation.tp) : Probes{};
  switch (operation.verb) {
    case Verb::register_probe:
      return subject.register_probe(operation.tp, probes[0]);
    case Verb::unregister_probe:
      return subject.unregister_probes(operation.tp, {probes.data(), probes.size()});
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
