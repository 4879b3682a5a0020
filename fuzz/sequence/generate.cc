#include "fuzz/sequence/generate.h"

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/timetable.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

std::int32_t draw_declared_priority(const Shape& shape, int slot, Random& random) {
  if (shape.rarities && random.chance(1, 8)) return draw_priority(random);
  const int level = random.chance(1, 4) ? random.below(shape.priorities) : slot % shape.priorities;
  return kDefaultPriority * (1 + level);
}

// Mostly each with a func and a data of its own; where rarities are wanted one of them is sometimes the neighbour's.
void draw_probes(Sequence& sequence, const Shape& shape, Random& random) {
  for (int i = 0; i < shape.probes; ++i) {
    const auto slot = static_cast<std::uint8_t>(i);
    Probe probe = {slot, slot, draw_declared_priority(shape, i, random)};
    if (shape.rarities && random.chance(1, 32)) probe.data = kNullData;
    if (shape.rarities && slot > 0 && random.chance(1, 6))
      (random.chance(1, 2) ? probe.func : probe.data) = static_cast<std::uint8_t>(slot - 1);
    sequence.probes[slot] = probe;
  }
}

Sequence draw_writers(const Shape& shape, Random& random) {
  Sequence sequence;
  draw_probes(sequence, shape, random);
  for (int i = 0; i < shape.operations; ++i)
    sequence.operations.push_back(draw_writer_operation(sequence, sequence.operations.size(), shape, random));
  settle_probes(sequence);
  return sequence;
}

// k0 at the beginning, as its lines start nothing; and a park that fits no timetable.
void add_rarities(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (random.chance(1, 12)) operations.insert(operations.begin(), draw_run(random));
  if (random.chance(1, 8)) {
    Operation& operation = operations[draw_below(operations.size(), random)];
    operation.parks.push_back(draw_park(operation.verb, random));
  }
}

// One writer does operation `waiting` and the other one the two operations after it, and mostly the rest.
void part_writers(Sequence& writers, int waiting, Random& random) {
  const std::uint8_t waits = static_cast<std::uint8_t>(random.below(kMaxWriters));
  for (int i = 0; i < static_cast<int>(writers.operations.size()); ++i) {
    const bool other = i > waiting && (i <= waiting + 2 || random.chance(3, 4));
    writers.operations[static_cast<std::size_t>(i)].cpu.index =
        other ? static_cast<std::uint8_t>((waits + 1) % kMaxWriters) : waits;
  }
}

}  // namespace

Sequence generate(const Shape& shape, Random& random) {
  Sequence writers = draw_writers(shape, random);
  const int waiting = shape.over_wait ? 1 + random.below(shape.operations - 3) : 0;
  if (shape.over_wait) part_writers(writers, waiting, random);
  Timetable timetable(writers, shape.accesses);
  // Delayed hits and passing ones find different mistakes: mostly they take turns. Some mistakes need two delayed ones.
  bool delayed = random.chance(1, 2);
  int left = shape.hits;
  if (shape.over_wait) {
    timetable.add_hits_over_wait(shape, waiting, random);
    left -= 2;
  }
  for (; left > 0; --left) {
    timetable.add_hit(shape, delayed, random);
    if (random.chance(3, 4)) delayed = !delayed;
  }
  Sequence sequence = timetable.sequence(random);
  if (shape.rarities) add_rarities(sequence, random);
  check_valid(sequence);
  return sequence;
}

Sequence generate(Random& random) { return generate(draw_shape(random), random); }

}  // namespace tpfuzz
