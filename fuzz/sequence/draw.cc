#include "fuzz/sequence/draw.h"

#include <bit>

#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr int kUsualPriorities = 4;
// Two an operation reach every distinct behaviour of the small cases (docs/sequences.md, "The schedule").
constexpr int kMostParks = 3;

// The probes to choose from: those that are declared, or the first if none is.
unsigned declared_probes(const Sequence& sequence) {
  unsigned declared = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot]) declared |= probe_bit(slot);
  return declared != 0 ? declared : probe_bit(0);
}

// One of the bits of `set`, which is not empty.
std::uint8_t draw_bit(unsigned set, Random& random) {
  for (int skip = random.below(std::popcount(set)); skip > 0; --skip) set &= set - 1;
  return static_cast<std::uint8_t>(set & (~set + 1));
}

int priority_of(const Sequence& sequence, std::size_t slot) { return sequence.probes[slot].value_or(Probe{}).prio; }

// Of `slots`, those of a higher priority than `prio`.
unsigned above(const Sequence& sequence, unsigned slots, int prio) {
  unsigned higher = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (priority_of(sequence, slot) > prio) higher |= probe_bit(slot);
  return slots & higher;
}

// Of `slots`, those that another of them would come in front of.
unsigned below_another(const Sequence& sequence, unsigned slots) {
  unsigned lower = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (above(sequence, slots, priority_of(sequence, slot)) != 0) lower |= probe_bit(slot);
  return slots & lower;
}

// The probes that the last operation of tracepoint `tp` before `position` named.
unsigned just_named(const Sequence& sequence, std::size_t position, int tp) {
  while (position > 0)
    if (concerns(sequence.operations[--position], tp)) return probes_at(sequence.operations[position], tp);
  return 0;
}

// A probe to register: one that is missing and did not just go, and comes in front or leaves room there.
std::uint8_t draw_new(const Sequence& sequence, std::size_t position, int tp, const ProbeList& list, Random& random) {
  unsigned from = declared_probes(sequence);
  const auto prefer = [&](unsigned slots) {
    if (slots != 0 && random.chance(7, 8)) from = slots;
  };
  prefer(from & ~static_cast<unsigned>(slots_of(list)));
  prefer(from & ~just_named(sequence, position, tp));
  prefer(list.empty() ? below_another(sequence, from) : above(sequence, from, list.front().prio));
  return draw_bit(from, random);
}

// Whether the next change of `list` is a registration. Around one probe, a little more often: that it is called
// directly ends then; with more, a little less often, so that the list comes back to one.
bool draw_adds(const ProbeList& list, std::size_t declared, Random& random) {
  if (list.empty()) return !random.chance(1, 32);
  if (list.size() == declared) return random.chance(1, 32);
  return list.size() == 1 ? random.chance(3, 5) : random.chance(2, 5);
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
  const unsigned declared = declared_probes(sequence);
  const bool adds = draw_adds(list, static_cast<std::size_t>(std::popcount(declared)), random);
  operation.verb = adds ? Verb::register_probe : Verb::unregister_probe;
  if (adds)
    operation.probes = draw_new(sequence, position, operation.tp, list, random);
  else
    operation.probes = draw_bit(list.empty() ? declared : slots_of(list), random);
  if (rarities) draw_rarities(list, operation, random);
}

// Mostly all that is registered with some of the further tracepoints: so their transitions run side by side.
void draw_further(const Sequence& sequence, std::size_t position, Operation& operation, Random& random) {
  for (int tp = 0; tp < kMaxTracepoints; ++tp) {
    const std::uint8_t registered = slots_of(probe_list(sequence, position, tp));
    if (registered == 0 || !may_span(operation, tp) || random.chance(1, 4)) continue;
    operation.further[static_cast<std::size_t>(tp)] = random.chance(1, 2) ? registered : draw_bit(registered, random);
  }
}

// Which one the `tp`th tracepoint of a sequence is: the one with arguments and tracepoint 0 change places if the first
// is to have arguments.
std::uint8_t placed(const Shape& shape, std::uint8_t tp) {
  if (!shape.arguments || (tp != 0 && tp != kTracepointWithArguments)) return tp;
  return kTracepointWithArguments - tp;
}

int draw_probe_count(Random& random) {
  if (random.chance(1, 16)) return 1;
  return random.chance(1, 8) ? draw_geometric(4, kMaxProbes, random) : 2 + random.below(2);
}

void draw_parks(Operation& operation, Random& random) {
  for (int left = draw_geometric(1, kMostParks, random); left > 0; --left)
    operation.parks.push_back(draw_park(operation.verb, random));
}

// Several tracepoints have little to do with each other but for what they share, the cookies and the worker: what shows
// that are readers in several of them at once.
void spread_over_tracepoints(Shape& shape, Random& random) {
  shape.tracepoints = draw_geometric(2, kMaxTracepoints, random);
  shape.nested = random.chance(1, 3);
  if (random.chance(1, 2)) return;
  shape.readers = draw_geometric(2, kMaxReaders, random);
  shape.hits = shape.readers;
  shape.operations = 2 * shape.tracepoints + 1 + random.below(3);
}

// One writer waits for a reader, the other makes two changes meanwhile, and then there is one more.
void lay_over_wait(Shape& shape, Random& random) {
  shape.over_wait = true;
  shape.operations = 5 + random.below(3);
  shape.writers = kMaxWriters;
  shape.readers = 2;
  shape.hits = 2 + random.below(2);
  shape.tracepoints = random.chance(1, 4) ? 2 : 1;
}

}  // namespace

Shape draw_shape(Random& random) {
  Shape shape;
  shape.operations = random.chance(1, 12) ? 6 + random.below(9) : 3 + random.below(3);
  shape.hits = draw_geometric(1, 4, random);
  shape.probes = draw_probe_count(random);
  shape.priorities = kUsualPriorities;
  if (random.chance(1, 8)) shape.writers = kMaxWriters;
  if (random.chance(1, 4)) shape.readers = draw_geometric(2, kMaxReaders, random);
  if (random.chance(1, 8)) spread_over_tracepoints(shape, random);
  if (random.chance(1, 10)) shape.sites = kMaxSites;
  if (random.chance(1, 12)) lay_over_wait(shape, random);
  shape.arguments = random.chance(1, 8);
  shape.accesses = random.chance(1, 2);
  shape.rarities = true;
  return shape;
}

int draw_geometric(int low, int high, Random& random) {
  const int more = std::countr_one(random.next());
  return more < high - low ? low + more : high;
}

std::int32_t draw_priority(Random& random) {
  if (random.chance(1, 8)) return kExtremePriorities[draw_below(kExtremePriorities.size(), random)];
  if (random.chance(1, 64)) return static_cast<std::int32_t>(random.next());
  return kDefaultPriority * (1 + random.below(kUsualPriorities));
}

Park draw_park(Verb verb, Random& random) {
  const auto points = drawn_points_of(verb);
  Park park;
  park.point = points[draw_below(points.size(), random)];
  if (random.chance(1, 8)) park.nth = static_cast<std::uint8_t>(draw_geometric(2, 4, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 8, random));
  return park;
}

Park draw_access_park(Verb verb, Random& random) {
  const auto accesses = other_accesses_of(verb);
  Park park;
  park.point = accesses[draw_below(accesses.size(), random)];
  if (random.chance(1, 2)) park.nth = static_cast<std::uint8_t>(draw_geometric(2, kMaxNth, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 8, random));
  return park;
}

Park draw_trap_park(Random& random) {
  const auto accesses = trap_accesses_of(Verb::hit);
  Park park;
  park.point = accesses[draw_below(accesses.size(), random)];
  if (random.chance(1, 2)) park.nth = static_cast<std::uint8_t>(draw_geometric(2, 4, random));
  park.events = static_cast<std::uint8_t>(draw_geometric(1, 4, random));
  return park;
}

Operation draw_writer_operation(const Sequence& sequence, std::size_t position, const Shape& shape, Random& random) {
  Operation operation;
  operation.cpu = {Cpu::Kind::writer, draw_index(shape.writers, random)};
  if (shape.rarities && random.chance(1, 20)) {
    operation.verb = Verb::sync;
  } else {
    operation.tp = placed(shape, draw_index(shape.tracepoints, random));
    draw_change(sequence, position, shape.rarities, operation, random);
    if (shape.rarities && shape.tracepoints > 1 && random.chance(1, 2))
      draw_further(sequence, position, operation, random);
  }
  return operation;
}

std::uint8_t draw_nested(int tp, int tracepoints, Random& random) {
  const int other = draw_geometric(0, tracepoints - 2, random);
  return static_cast<std::uint8_t>(other < tp ? other : other + 1);
}

Operation draw_hit(const Shape& shape, Random& random) {
  Operation operation;
  operation.verb = Verb::hit;
  operation.cpu = {Cpu::Kind::reader, draw_index(shape.readers, random)};
  const std::uint8_t tp = draw_index(shape.tracepoints, random);
  operation.tp = placed(shape, tp);
  operation.site = draw_index(shape.sites, random);
  if (shape.nested && shape.tracepoints > 1 && random.chance(3, 4))
    operation.nested = placed(shape, draw_nested(tp, shape.tracepoints, random));
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
  const bool hits = random.chance(1, 3);
  Operation operation = hits ? draw_hit(shape, random) : draw_writer_operation(sequence, position, shape, random);
  if (hits ? random.chance(7, 8) : random.chance(1, 4)) draw_parks(operation, random);
  return operation;
}

}  // namespace tpfuzz
