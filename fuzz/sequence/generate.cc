#include "fuzz/sequence/generate.h"

#include <algorithm>
#include <boost/container/small_vector.hpp>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_list.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/timetable.h"
#include "fuzz/sequence/vocabulary.h"

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

void add_rare_lines(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (random.chance(1, 12)) operations.insert(operations.begin() + random.below(2), draw_run(random));
  if (random.chance(1, 8)) {
    Operation& operation = operations[draw_below(operations.size(), random)];
    operation.parks.push_back(draw_park(operation.verb, random));
  }
}

}  // namespace

Sequence generate(const Shape& shape, Random& random) {
  Sequence sequence;
  draw_probes(sequence, shape, random);
  for (int i = 0; i < shape.operations; ++i)
    sequence.operations.push_back(draw_writer_operation(sequence, sequence.operations.size(), shape, random));
  settle_probes(sequence);
  Timetable timetable(sequence);
  const int first_delayed = random.below(2);
  for (int i = 0; i < shape.hits; ++i) timetable.add_hit(shape, i % 2 == first_delayed, random);
  sequence = timetable.sequence(random);
  if (shape.rarities) add_rare_lines(sequence, random);
  return sequence;
}

Sequence generate(Random& random) { return generate(draw_shape(random), random); }

}  // namespace tpfuzz
