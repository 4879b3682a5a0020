#include "fuzz/sequence/generate.h"

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/timetable.h"

namespace tpfuzz {
namespace {

std::int8_t draw_declared_priority(const Shape& shape, int slot, Random& random) {
  if (shape.rarities && random.chance(1, 8)) return draw_priority(random);
  const int level = random.chance(1, 4) ? random.below(shape.priorities) : slot % shape.priorities;
  return static_cast<std::int8_t>(kDefaultPriority * (1 + level));
}

// Mostly each with a func and a data of its own; where rarities are wanted one of them is sometimes the neighbour's.
void draw_probes(Sequence& sequence, const Shape& shape, Random& random) {
  for (int i = 0; i < shape.probes; ++i) {
    const auto slot = static_cast<std::uint8_t>(i);
    Probe probe = {slot, slot, draw_declared_priority(shape, i, random)};
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

}  // namespace

Sequence generate(const Shape& shape, Random& random) {
  const Sequence writers = draw_writers(shape, random);
  Timetable timetable(writers);
  // Delayed hits and passing ones find different mistakes: mostly they take turns. Some mistakes need two delayed ones.
  bool delayed = random.chance(1, 2);
  for (int left = shape.hits; left > 0; --left) {
    timetable.add_hit(shape, delayed, random);
    if (random.chance(3, 4)) delayed = !delayed;
  }
  Sequence sequence = timetable.sequence(random);
  if (shape.rarities) add_rarities(sequence, random);
  return sequence;
}

Sequence generate(Random& random) { return generate(draw_shape(random), random); }

}  // namespace tpfuzz
