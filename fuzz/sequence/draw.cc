#include "fuzz/sequence/draw.h"

#include <bit>
#include <limits>

#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr int kUsualPriorities = 4;
constexpr int kMostParks = 3;  ///< of one operation: two reach almost everything

std::uint8_t declared_probes(const Sequence& sequence) {
  std::uint8_t declared = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot]) declared |= probe_bit(slot);
  return declared;
}

// One of the bits of `set`, which is not empty.
std::uint8_t draw_bit(unsigned set, Random& random) {
  for (int skip = random.below(std::popcount(set)); skip > 0; --skip) set &= set - 1;
  return static_cast<std::uint8_t>(set & (~set + 1));
}

// Of `probes`, those that would come in front of `list`.
std::uint8_t in_front(const Sequence& sequence, const ProbeList& list, unsigned probes) {
  std::uint8_t front = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if ((probes & probe_bit(slot)) != 0 && (list.empty() || sequence.probes[slot]->prio > list.front().prio))
      front |= probe_bit(slot);
  return front;
}

// A probe to register: mostly one that is missing, and of those one that comes in front.
std::uint8_t draw_new(const Sequence& sequence, const ProbeList& list, Random& random) {
  const unsigned missing = declared_probes(sequence) & ~static_cast<unsigned>(slots_of(list));
  const std::uint8_t front = in_front(sequence, list, missing);
  if (front != 0 && random.chance(7, 8)) return draw_bit(front, random);
  return draw_bit(missing != 0 ? missing : declared_probes(sequence), random);
}

// A probe to remove: half of the time the first one.
std::uint8_t draw_old(const Sequence& sequence, const ProbeList& list, Random& random) {
  if (list.empty()) return draw_bit(declared_probes(sequence), random);
  return probe_bit(random.chance(1, 4) ? list.front().slot : list[draw_below(list.size(), random)].slot);
}

// Whether the next change of `list` is a registration. Short lists are the ones whose calls are patched.
bool draw_adds(const ProbeList& list, std::size_t declared, Random& random) {
  if (list.empty()) return !random.chance(1, 32);
  if (list.size() == declared) return random.chance(1, 32);
  return random.chance(1, list.size() == 1 ? 2 : 3);
}

void draw_rarities(const ProbeList& list, Operation& operation, Random& random) {
  if (random.chance(1, 24)) operation.fail = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  if (random.chance(1, 40)) operation.probes = 0;
  if (operation.verb == Verb::register_probe) {
    operation.hook_fails = random.chance(1, 40);
    if (operation.probes != 0 && random.chance(1, 16)) operation.prio = draw_priority(random);
  } else if (operation.probes != 0 && !list.empty() && random.chance(1, 10)) {
    operation.probes |= draw_bit(slots_of(list), random);
  }
}

void draw_change(const Sequence& sequence, std::size_t position, bool rarities, Operation& operation, Random& random) {
  const ProbeList list = probe_list(sequence, position, operation.tp);
  const auto declared = static_cast<std::size_t>(std::popcount(declared_probes(sequence)));
  if (draw_adds(list, declared, random)) {
    operation.verb = Verb::register_probe;
    operation.probes = declared == 0 ? probe_bit(0) : draw_new(sequence, list, random);
  } else {
    operation.verb = Verb::unregister_probe;
    operation.probes = declared == 0 ? probe_bit(0) : draw_old(sequence, list, random);
  }
  if (rarities) draw_rarities(list, operation, random);
}

void draw_parks(Operation& operation, Random& random) {
  for (int left = draw_geometric(1, kMostParks, random); left > 0; --left)
    operation.parks.push_back(draw_park(operation.verb, random));
}

}  // namespace

Shape draw_shape(Random& random) {
  Shape shape;
  shape.operations = random.chance(1, 16) ? 6 + random.below(10) : 2 + random.below(4);
  shape.hits = draw_geometric(1, 4, random);
  shape.probes = random.chance(1, 2) ? 3 : random.chance(1, 16) ? 1 : draw_geometric(2, kMaxProbes, random);
  shape.priorities = kUsualPriorities;
  if (random.chance(1, 8)) shape.writers = kMaxWriters;
  if (random.chance(1, 4)) shape.readers = draw_geometric(2, kMaxReaders, random);
  if (random.chance(1, 10)) shape.tracepoints = draw_geometric(2, kMaxTracepoints, random);
  if (random.chance(1, 10)) shape.sites = kMaxSites;
  shape.rarities = true;
  return shape;
}

int draw_geometric(int low, int high, Random& random) {
  const int more = std::countr_one(random.next());
  return more < high - low ? low + more : high;
}

std::int8_t draw_priority(Random& random) {
  if (random.chance(1, 16))
    return random.chance(1, 2) ? std::numeric_limits<std::int8_t>::min() : std::numeric_limits<std::int8_t>::max();
  return static_cast<std::int8_t>(kDefaultPriority * (1 + random.below(kUsualPriorities)));
}

Park draw_park(Verb verb, Random& random) {
  const auto points = points_of(verb);
  Park park;
  park.point = points[draw_below(points.size(), random)];
  if (random.chance(1, 8)) park.nth = static_cast<std::uint8_t>(draw_geometric(2, 4, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 8, random));
  return park;
}

Operation draw_writer_operation(const Sequence& sequence, std::size_t position, const Shape& shape, Random& random) {
  Operation operation;
  operation.cpu = {Cpu::Kind::writer, draw_index(shape.writers, random)};
  if (shape.rarities && random.chance(1, 20)) {
    operation.verb = Verb::sync;
  } else {
    operation.tp = draw_index(shape.tracepoints, random);
    draw_change(sequence, position, shape.rarities, operation, random);
  }
  return operation;
}

Operation draw_run(Random& random) {
  Operation operation;
  operation.verb = Verb::run;
  operation.cpu = {Cpu::Kind::worker, 0};
  draw_parks(operation, random);
  return operation;
}

Operation draw_operation(const Sequence& sequence, std::size_t position, const Shape& shape, Random& random) {
  if (random.chance(1, 25)) return draw_run(random);
  if (random.chance(2, 3)) {
    Operation operation = draw_writer_operation(sequence, position, shape, random);
    if (random.chance(1, 4)) draw_parks(operation, random);
    return operation;
  }
  Operation hit;
  hit.verb = Verb::hit;
  hit.cpu = {Cpu::Kind::reader, draw_index(shape.readers, random)};
  hit.tp = draw_index(shape.tracepoints, random);
  hit.site = draw_index(shape.sites, random);
  if (random.chance(7, 8)) draw_parks(hit, random);
  return hit;
}

}  // namespace tpfuzz
