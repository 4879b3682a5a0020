#include "fuzz/sequence/draw.h"

#include <bit>
#include <limits>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

std::uint8_t declared_probes(const Sequence& sequence) {
  std::uint8_t declared = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot]) declared |= probe_bit(slot);
  return declared;
}

// The probes that are registered with tracepoint `tp` when operation `position` comes, if no call fails.
std::uint8_t registered_probes(const Sequence& sequence, std::size_t position, int tp) {
  unsigned registered = 0;
  for (std::size_t i = 0; i < position; ++i) {
    const Operation& operation = sequence.operations[i];
    if (operation.tp != tp) continue;
    if (operation.verb == Verb::register_probe) registered |= operation.probes;
    if (operation.verb == Verb::unregister_probe)
      registered &= operation.probes == 0 ? 0 : ~static_cast<unsigned>(operation.probes);
  }
  return static_cast<std::uint8_t>(registered);
}

// One of the bits of `set`, which is not empty.
std::uint8_t draw_bit(unsigned set, Random& random) {
  for (int skip = random.below(std::popcount(set)); skip > 0; --skip) set &= set - 1;
  return static_cast<std::uint8_t>(set & (~set + 1));
}

// One of `wanted` mostly, else of `other`, and once in a while of all eight.
std::uint8_t draw_probe(unsigned wanted, unsigned other, Random& random) {
  if (wanted == 0 || random.chance(1, 12)) wanted = other;
  if (wanted == 0 || random.chance(1, 64)) return probe_bit(draw_below(kMaxProbes, random));
  return draw_bit(wanted, random);
}

std::uint8_t draw_index(int count, Random& random) { return static_cast<std::uint8_t>(random.below(count)); }

void draw_parks(Operation& operation, int most, Random& random) {
  for (int left = draw_geometric(1, most, random); left > 0; --left)
    operation.parks.push_back(draw_park(operation.verb, random));
}

void draw_change(const Sequence& sequence, std::size_t position, Operation& operation, Random& random) {
  const unsigned declared = declared_probes(sequence);
  const unsigned registered = registered_probes(sequence, position, operation.tp);
  const unsigned missing = declared & ~registered;
  const bool add = registered == 0 ? random.chance(15, 16) : missing == 0 ? random.chance(1, 8) : random.chance(1, 2);
  operation.verb = add ? Verb::register_probe : Verb::unregister_probe;
  if (!random.chance(1, 40))
    operation.probes = add ? draw_probe(missing, registered, random) : draw_probe(registered, missing, random);
  if (random.chance(1, 24)) operation.fail = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  if (add) {
    operation.hook_fails = random.chance(1, 40);
    if (operation.probes != 0 && random.chance(1, 16)) operation.prio = draw_priority(random);
  } else if (operation.probes != 0 && random.chance(1, 10)) {
    operation.probes |= draw_probe(registered, missing, random);
  }
}

Operation draw_hit(const Cast& cast, Random& random) {
  Operation operation;
  operation.verb = Verb::hit;
  operation.cpu = {Cpu::Kind::reader, draw_index(cast.readers, random)};
  operation.tp = draw_index(cast.tracepoints, random);
  operation.site = draw_index(cast.sites, random);
  if (random.chance(7, 8)) draw_parks(operation, 3, random);
  return operation;
}

Operation draw_run(Random& random) {
  Operation operation;
  operation.verb = Verb::run;
  operation.cpu = {Cpu::Kind::worker, 0};
  draw_parks(operation, 2, random);
  return operation;
}

}  // namespace

Cast draw_cast(Random& random) {
  Cast cast;
  if (random.chance(1, 6)) cast.writers = kMaxWriters;
  if (random.chance(1, 4)) cast.readers = draw_geometric(2, kMaxReaders, random);
  if (random.chance(1, 10)) cast.tracepoints = draw_geometric(2, kMaxTracepoints, random);
  if (random.chance(1, 10)) cast.sites = kMaxSites;
  return cast;
}

int draw_geometric(int low, int high, Random& random) {
  const int more = std::countr_one(random.next());
  return more < high - low ? low + more : high;
}

std::int8_t draw_priority(Random& random) {
  if (random.chance(1, 16))
    return random.chance(1, 2) ? std::numeric_limits<std::int8_t>::min() : std::numeric_limits<std::int8_t>::max();
  return static_cast<std::int8_t>(kDefaultPriority * (1 + random.below(4)));
}

Park draw_park(Verb verb, Random& random) {
  const auto points = points_of(verb);
  Park park;
  park.point = points[draw_below(points.size(), random)];
  if (random.chance(1, 8)) park.nth = static_cast<std::uint8_t>(draw_geometric(2, 4, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 8, random));
  return park;
}

Operation draw_writer_operation(const Sequence& sequence, std::size_t position, const Cast& cast, Random& random) {
  Operation operation;
  operation.cpu = {Cpu::Kind::writer, draw_index(cast.writers, random)};
  if (random.chance(1, 20)) {
    operation.verb = Verb::sync;
  } else {
    operation.tp = draw_index(cast.tracepoints, random);
    draw_change(sequence, position, operation, random);
  }
  if (random.chance(1, 4)) draw_parks(operation, 3, random);
  return operation;
}

Operation draw_operation(const Sequence& sequence, std::size_t position, const Cast& cast, Random& random) {
  const int kind = random.below(100);
  if (kind < 4) return draw_run(random);
  if (kind < 37) return draw_hit(cast, random);
  return draw_writer_operation(sequence, position, cast, random);
}

}  // namespace tpfuzz
