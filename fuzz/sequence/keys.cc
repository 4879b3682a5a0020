#include "fuzz/sequence/keys.h"

#include <algorithm>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Mostly the one that the sequence is about.
std::uint8_t draw_tracepoint(const Sequence& sequence, Random& random) {
  if (random.chance(1, 16)) return draw_index(kMaxTracepoints, random);
  for (const Operation& operation : sequence.operations)
    if (has_tracepoint(operation.verb)) return operation.tp;
  return 0;
}

// What decides who patches stands between accesses to the count: half of the delays are there.
Park draw_key_park(Verb verb, Random& random) {
  if (random.chance(1, 2)) return draw_park(verb, random);
  Park park = draw_access_park(verb, random);
  park.nth = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  return park;
}

Operation draw_key_change(Verb verb, std::uint8_t tp, Random& random) {
  Operation operation;
  operation.cpu = {Cpu::Kind::writer, draw_index(kMaxWriters, random)};
  operation.verb = verb;
  operation.tp = tp;
  if (random.chance(1, 2))
    for (int left = draw_geometric(1, 3, random); left > 0; --left)
      operation.parks.push_back(draw_key_park(verb, random));
  return operation;
}

// Behind the operation before `from`, or anywhere after it; returns the place. There is room.
std::size_t insert(Sequence& sequence, std::size_t from, const Operation& operation, Random& random) {
  const std::size_t place = from + draw_below(sequence.operations.size() - from + 1, random);
  sequence.operations.insert(sequence.operations.begin() + static_cast<std::ptrdiff_t>(place), operation);
  return place;
}

bool has_room(const Sequence& sequence) { return sequence.operations.size() < kMaxOperations; }

// Of a registration, between the change of the count and the patch.
bool delay_registration(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  Operation& operation = sequence.operations[draw_below(sequence.operations.size(), random)];
  if (!changes_probes(operation.verb) || operation.parks.size() == kMaxParks) return false;
  const auto events = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  operation.parks.push_back({tp::Point::counted, 1, events});
  return true;
}

bool add_hit(Sequence& sequence, Random& random) {
  if (!has_room(sequence)) return false;
  Operation hit;
  hit.verb = Verb::hit;
  hit.cpu = {Cpu::Kind::reader, draw_index(2, random)};
  hit.tp = draw_tracepoint(sequence, random);
  insert(sequence, 0, hit, random);
  return true;
}

bool turn_round(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  Operation& operation = sequence.operations[draw_below(sequence.operations.size(), random)];
  if (!changes_key(operation.verb)) return false;
  operation.verb = operation.verb == Verb::key_inc ? Verb::key_dec : Verb::key_inc;
  return true;
}

bool add_change(Sequence& sequence, Random& random) {
  if (!has_room(sequence)) return false;
  const Verb verb = random.chance(1, 2) ? Verb::key_inc : Verb::key_dec;
  insert(sequence, 0, draw_key_change(verb, draw_tracepoint(sequence, random), random), random);
  return true;
}

}  // namespace

void draw_key_changes(Sequence& sequence, Random& random) {
  const std::uint8_t tp = draw_tracepoint(sequence, random);
  for (int holds = draw_geometric(1, 3, random); holds > 0 && has_room(sequence); --holds) {
    const std::size_t hold = insert(sequence, 0, draw_key_change(Verb::key_inc, tp, random), random);
    if (!has_room(sequence) || random.chance(1, 4)) continue;
    insert(sequence, hold + 1, draw_key_change(Verb::key_dec, tp, random), random);
  }
  if (random.chance(1, 4)) delay_registration(sequence, random);
  if (random.chance(1, 2)) add_hit(sequence, random);
  check_valid(sequence);
}

bool change_key_changes(Sequence& sequence, Random& random) {
  using Change = bool (*)(Sequence&, Random&);
  static constexpr Change kChanges[] = {add_change, add_change, turn_round, delay_registration, add_hit};
  const bool changed = kChanges[draw_below(std::size(kChanges), random)](sequence, random);
  check_valid(sequence);
  return changed;
}

}  // namespace tpfuzz
