#include "fuzz/explore/complexity.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

#include "fuzz/sequence/binary.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

constexpr int kSimplePriorities = 12;  // 10..120
constexpr int kOddPriority = 1000;     // more than all simple ones of a sequence together
constexpr int kFar = 10'000'000;       // a sequence can have 72 priorities, whose ranks are added up

int rank_of_priority(int priority) {
  for (int rank = 0; rank < kSimplePriorities; ++rank)
    if (priority == simple_priority(rank)) return rank;
  const std::int64_t distance = std::abs(std::int64_t{priority} - kDefaultPriority);
  return kOddPriority + static_cast<int>(std::min<std::int64_t>(distance, kFar));
}

int rank_of_point(tp::Point point) {
  return point == tp::Point::loaded || point == tp::Point::publish ? 0 : 1 + static_cast<int>(point);
}

int count_properties(const Operation& operation) {
  const auto set = std::ranges::count_if(properties(),
                                         [&](const Property& property) { return property.get(operation).has_value(); });
  return static_cast<int>(set) + (operation.expect ? 1 : 0) + (operation.domain ? 1 : 0);
}

// How many probes an operation names, each as often as it does.
int removals(const Operation& operation) {
  int count = std::popcount(operation.probes);
  for (const std::uint8_t probes : operation.further) count += std::popcount(probes);
  return count;
}

// Of a `free`: an owner who forgets to wait is odder than one who waits for all readers, and one who waits for some is
// odder still.
int oddity_of_wait(tp::Domains after) { return after == tp::kEveryDomain ? 0 : after.empty() ? 1 : 2; }

// NULL is the oddest of all. A nested hit is odder than one of another tracepoint.
int count_oddities(const Operation& operation) {
  if (operation.verb == Verb::free_probe) return 1 + oddity_of_wait(operation.after);
  if (!changes_probes(operation.verb)) return operation.nested ? 1 : 0;
  return operation.probes == 0 ? kMaxProbes : removals(operation) - 1;
}

int weight(const Operation& operation) {
  if (operation.verb != Verb::unregister_probe) return 1;
  return operation.probes == 0 ? 2 : removals(operation);
}

}  // namespace

int count_operations(const Sequence& sequence) {
  int count = 0;
  for (const Operation& operation : sequence.operations) count += weight(operation);
  return count;
}

Complexity::Complexity(const Sequence& sequence) : code_(encode(sequence)) {
  for (int slot = 0; slot < kMaxProbes; ++slot)
    if (const auto& probe = sequence.probes[static_cast<std::size_t>(slot)]) add(slot, *probe);
  at(Count::properties) += std::popcount(sequence.faultable);
  for (const Operation& operation : sequence.operations) add(operation);
}

void Complexity::add(int slot, const Probe& probe) {
  ++at(Count::probes);
  at(Count::priorities) += rank_of_priority(probe.prio);
  at(Count::names) += (probe.func != slot ? 1 : 0) + (probe.data != slot ? 1 : 0);
  at(Count::numbers) += slot + probe.func + probe.data;
}

void Complexity::add(const Operation& operation) {
  at(Count::operations) += weight(operation);
  at(Count::parks) += static_cast<int>(operation.parks.size());
  at(Count::properties) += count_properties(operation) + count_oddities(operation);
  if (operation.prio) at(Count::priorities) += rank_of_priority(*operation.prio);
  at(Count::numbers) +=
      operation.cpu.index + operation.tp + operation.site + operation.nested.value_or(0) + operation.fail;
  for (const Park& park : operation.parks) {
    at(Count::delay) += park.events + park.nth - 1;
    at(Count::points) += rank_of_point(park.point);
  }
}

}  // namespace tpfuzz
