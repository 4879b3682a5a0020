#include "fuzz/sequence/traps.h"

#include <algorithm>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Where an int3 stands: before or after the tail; now and then in the middle of storing what it is answered with.
Park draw_stop(Random& random) {
  Park stop;
  stop.point = random.chance(3, 4) ? tp::Point::trapped : tp::Point::tailed;
  if (random.chance(1, 2)) stop.nth = 2;  // a transition mostly patches the call and the branch
  if (random.chance(1, 8)) stop = {tp::Point::store_pending, static_cast<std::uint8_t>(1 + random.below(kMaxNth))};
  stop.events = 1;
  return stop;
}

// The same writer a second time, at the end of that patch: between what it takes back.
Park draw_second_stop(Random& random) {
  return {tp::Point::store_pending, static_cast<std::uint8_t>(1 + random.below(kMaxNth)), 1};
}

}  // namespace

bool draw_trap(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (operations.size() == kMaxOperations) return false;
  const std::size_t first = operations.empty() ? 0 : draw_below(operations.size(), random);
  std::size_t at = first;
  while (at < operations.size() && !changes_probes(operations[at].verb)) ++at;
  if (at == operations.size()) return false;
  Operation& change = operations[at];
  if (change.parks.size() + 2 > kMaxParks) return false;
  change.parks.push_back(draw_stop(random));
  if (random.chance(1, 4)) change.parks.push_back(draw_second_stop(random));
  Operation hit;
  hit.verb = Verb::hit;
  hit.cpu = {Cpu::Kind::reader, static_cast<std::uint8_t>(draw_geometric(0, kMaxReaders - 1, random))};
  hit.tp = change.tp;
  hit.parks.push_back(draw_trap_park(random));
  if (random.chance(1, 4)) hit.parks.push_back(draw_trap_park(random));
  operations.insert(operations.begin() + static_cast<std::ptrdiff_t>(at) + 1, hit);
  check_valid(sequence);
  return true;
}

}  // namespace tpfuzz
