#include "fuzz/sequence/generate.h"

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_set.h"

namespace tpfuzz {
namespace {

constexpr int kFewOperations = 2;
constexpr int kSomeOperations = 8;
constexpr int kManyOperations = 16;

int draw_probe_count(Random& random) {
  if (random.chance(1, 16)) return 1;
  return random.chance(1, 2) ? 2 : draw_geometric(3, kMaxProbes, random);
}

// Mostly each with a func and a data of its own; sometimes it shares one of them with the probe before it.
void draw_probes(Sequence& sequence, Random& random) {
  const int count = draw_probe_count(random);
  const bool equal_priorities = random.chance(1, 4);
  for (int i = 0; i < count; ++i) {
    const auto slot = static_cast<std::uint8_t>(i);
    Probe probe = {slot, slot, equal_priorities ? static_cast<std::int8_t>(kDefaultPriority) : draw_priority(random)};
    if (slot > 0 && random.chance(1, 6))
      (random.chance(1, 2) ? probe.func : probe.data) = static_cast<std::uint8_t>(slot - 1);
    sequence.probes[slot] = probe;
  }
}

int draw_length(Random& random) {
  const int most = random.chance(1, 8) ? kManyOperations : kSomeOperations;
  return kFewOperations + random.below(most - kFewOperations + 1);
}

}  // namespace

Sequence generate(Random& random) {
  Sequence sequence;
  draw_probes(sequence, random);
  const Cast cast = draw_cast(random);
  for (int left = draw_length(random); left > 0; --left) {
    // The first thing to do is to register, and a delayed hit at the end has nothing to be delayed across.
    const std::size_t position = sequence.operations.size();
    const auto draw = position == 0 || left == 1 ? draw_writer_operation : draw_operation;
    sequence.operations.push_back(draw(sequence, position, cast, random));
  }
  settle_probes(sequence);
  return sequence;
}

}  // namespace tpfuzz
