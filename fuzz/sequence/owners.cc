#include "fuzz/sequence/owners.h"

#include <algorithm>
#include <bit>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using Places = boost::container::static_vector<std::size_t, kMaxOperations>;

template <class Is>
Places places_where(const Sequence& sequence, Is is) {
  Places places;
  for (std::size_t i = 0; i < sequence.operations.size(); ++i)
    if (is(sequence.operations[i])) places.push_back(i);
  return places;
}

// One of the probes of `set`, which is not empty.
std::uint8_t draw_probe(unsigned set, Random& random) {
  for (int skip = random.below(std::popcount(set)); skip > 0; --skip) set &= set - 1;
  return static_cast<std::uint8_t>(set & (~set + 1));
}

unsigned declared_probes(const Sequence& sequence) {
  unsigned declared = 0;
  for (std::size_t slot = 0; slot < kMaxProbes; ++slot)
    if (sequence.probes[slot]) declared |= probe_bit(slot);
  return declared;
}

void make_free(Operation& operation, std::uint8_t probe) {
  operation.verb = Verb::free_probe;
  operation.probes = probe;
  operation.domain.reset();
  operation.after = tp::kEveryDomain;
}

}  // namespace

bool draw_free(Sequence& sequence, Random& random) {
  const Places removals = places_where(sequence, [](const Operation& operation) {
    return operation.verb == Verb::unregister_probe && named_probes(operation) != 0;
  });
  if (removals.empty() || sequence.operations.size() == kMaxOperations) return false;
  const std::size_t removal = removals[draw_below(removals.size(), random)];
  Operation operation;
  operation.cpu = sequence.operations[removal].cpu;
  make_free(operation, draw_probe(named_probes(sequence.operations[removal]), random));
  if (random.chance(1, 4)) operation.parks.push_back(draw_park(operation.verb, random));
  const std::size_t behind = removal + 1 + static_cast<std::size_t>(draw_geometric(0, 3, random));
  const std::size_t place = std::min(behind, sequence.operations.size());
  sequence.operations.insert(sequence.operations.begin() + static_cast<std::ptrdiff_t>(place), operation);
  check_valid(sequence);
  return true;
}

bool change_free(Sequence& sequence, Random& random) {
  const Places places = places_where(sequence, [](const Operation& operation) { return takes_away(operation.verb); });
  const unsigned declared = declared_probes(sequence);
  if (places.empty() || declared == 0) return false;
  Operation& operation = sequence.operations[places[draw_below(places.size(), random)]];
  if (operation.verb == Verb::free_probe && random.chance(1, 4)) {
    operation.verb = Verb::sync;
    operation.probes = 0;
    operation.after = {};
  } else {
    make_free(operation, draw_probe(declared, random));
  }
  check_valid(sequence);
  return true;
}

}  // namespace tpfuzz
