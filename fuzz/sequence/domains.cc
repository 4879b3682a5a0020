#include "fuzz/sequence/domains.h"

#include <algorithm>
#include <bit>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

tp::Domains used_domains(const Sequence& sequence) {
  const Faultable used = used_tracepoints(sequence);
  tp::Domains readers;
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if ((used & tracepoint_bit(tp)) != 0) readers |= readers_of(sequence, tp);
  return readers;
}

bool covers(const Operation& operation, tp::Domains readers) {
  readers |= waited_for(operation);
  return readers == waited_for(operation);
}

}  // namespace

Faultable used_tracepoints(const Sequence& sequence) {
  Faultable used = 0;
  for (const Operation& operation : sequence.operations) {
    if (!has_tracepoint(operation.verb)) continue;
    for_each_tracepoint(operation, [&](int tp) { used |= tracepoint_bit(tp); });
    if (operation.nested) used |= tracepoint_bit(*operation.nested);
  }
  return used;
}

bool waits_cover_readers(const Sequence& sequence) {
  const tp::Domains readers = used_domains(sequence);
  return std::ranges::all_of(sequence.operations, [&](const Operation& operation) {
    return !takes_away(operation.verb) || covers(operation, readers);
  });
}

void cover_readers(Sequence& sequence) {
  const tp::Domains readers = used_domains(sequence);
  for (Operation& operation : sequence.operations) {
    if (!takes_away(operation.verb) || covers(operation, readers)) continue;
    operation.domain.reset();
    if (operation.verb == Verb::free_probe) operation.after |= readers;
  }
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
