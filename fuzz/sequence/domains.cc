#include "fuzz/sequence/domains.h"

#include <algorithm>
#include <bit>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {

Faultable used_tracepoints(const Sequence& sequence) {
  Faultable used = 0;
  for (const Operation& operation : sequence.operations) {
    if (operation.verb != Verb::hit && !changes_probes(operation.verb)) continue;
    for_each_tracepoint(operation, [&](int tp) { used |= tracepoint_bit(tp); });
    if (operation.nested) used |= tracepoint_bit(*operation.nested);
  }
  return used;
}

bool syncs_cover_readers(const Sequence& sequence) {
  const Faultable used = used_tracepoints(sequence);
  tp::Domains readers;
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if ((used & tracepoint_bit(tp)) != 0) readers |= readers_of(sequence, tp);
  return std::ranges::all_of(sequence.operations, [&](const Operation& operation) {
    tp::Domains covered = waited_for(operation);
    covered |= readers;
    return operation.verb != Verb::sync || covered == waited_for(operation);
  });
}

void draw_readers(Sequence& sequence, Random& random) {
  const Faultable used = used_tracepoints(sequence);
  sequence.faultable = used;
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if (std::popcount(used) > 1 ? random.chance(1, 2) : random.chance(1, 8))
      sequence.faultable &= static_cast<Faultable>(~tracepoint_bit(tp));
  check_valid(sequence);
}

bool change_readers(Sequence& sequence, Random& random) {
  const Faultable used = used_tracepoints(sequence);
  if (used == 0) return false;
  int tp = 0;
  do tp = random.below(kMaxTracepoints);
  while ((used & tracepoint_bit(tp)) == 0);
  sequence.faultable ^= tracepoint_bit(tp);
  check_valid(sequence);
  return true;
}

}  // namespace tpfuzz
