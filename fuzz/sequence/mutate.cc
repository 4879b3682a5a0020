#include "fuzz/sequence/mutate.h"

#include <algorithm>
#include <array>

#include "fuzz/sequence/changes.h"
#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/validate.h"

namespace tpfuzz {
namespace {

struct WeightedChange {
  int weight;
  bool (*change)(Sequence&, Random&);
};

// Delays and the order of the lines first: they are the schedule, and findings hang on them.
constexpr std::array kChanges = {
    WeightedChange{8, insert_operation},   WeightedChange{3, duplicate_operation},
    WeightedChange{6, remove_operation},   WeightedChange{8, swap_neighbours},
    WeightedChange{6, move_operation},     WeightedChange{10, add_park},
    WeightedChange{6, remove_park},        WeightedChange{8, change_park_point},
    WeightedChange{3, nudge_park_nth},     WeightedChange{12, nudge_park_events},
    WeightedChange{3, change_cpu},         WeightedChange{4, change_verb},
    WeightedChange{8, change_named_probe}, WeightedChange{4, change_property},
    WeightedChange{8, change_declaration}, WeightedChange{3, remove_unused_declaration},
    WeightedChange{1, change_batch},
};

constexpr int total_weight() {
  int total = 0;
  for (const WeightedChange& row : kChanges) total += row.weight;
  return total;
}

// Short sequences run several times faster and find as much: each operation beyond a few pulls towards a removal.
constexpr std::size_t kFewOperations = 5;
constexpr int kPull = 24;

bool is_too_long(const Sequence& sequence, Random& random) {
  const std::size_t length = sequence.operations.size();
  return length > kFewOperations && random.chance(static_cast<int>(length - kFewOperations), kPull);
}

bool make_change(Sequence& sequence, Random& random) {
  if (is_too_long(sequence, random)) return remove_operation(sequence, random);
  int left = random.below(total_weight());
  const auto* row = kChanges.begin();
  for (; left >= row->weight; ++row) left -= row->weight;
  return row->change(sequence, random);
}

void drop_expectations(Sequence& sequence) {
  for (Operation& operation : sequence.operations) operation.expect.reset();
}

}  // namespace

void mutate(Sequence& sequence, Random& random) {
  while (!make_change(sequence, random)) {  // insert or remove always can, so this ends
  }
  drop_expectations(sequence);
  settle_probes(sequence);
  check_valid(sequence);
}

Sequence cross_over(const Sequence& a, const Sequence& b, Random& random) {
  Sequence child;
  const auto append = [&child](const Sequence& from, std::size_t begin, std::size_t end) {
    for (; begin < end && child.operations.size() < kMaxOperations; ++begin)
      child.operations.push_back(from.operations[begin]);
  };
  const auto draw_range = [&random](const Sequence& from) {
    const std::size_t one = draw_below(from.operations.size() + 1, random);
    const std::size_t other = draw_below(from.operations.size() + 1, random);
    return std::minmax({one, other});
  };
  const auto [cut_begin, cut_end] = draw_range(a);
  const auto [piece_begin, piece_end] = draw_range(b);
  append(a, 0, cut_begin);
  append(b, piece_begin, piece_end);
  append(a, cut_end, a.operations.size());

  child.faultable = a.faultable | b.faultable;
  child.probes = a.probes;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (!child.probes[slot]) child.probes[slot] = b.probes[slot];
  drop_expectations(child);
  settle_probes(child);
  check_valid(child);
  return child;
}

}  // namespace tpfuzz
