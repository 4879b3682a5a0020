#include "fuzz/explore/search.h"

#include <algorithm>

#include "fuzz/explore/place_parks.h"
#include "fuzz/explore/skeletons.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Which small sequences are tried, one group after the other, and for how many executions: half a million take a
// second.
struct Group {
  int fewest_probes;
  int most_probes;
  int parks;
  long executions;
};
constexpr Group kGroups[] = {{1, 2, 1, 500'000}, {3, 3, 1, 150'000}, {1, 2, 2, 100'000}};
constexpr long kShorter = 100'000;

// What all small sequences have of the finding.
struct Kept {
  const ProbeNames& names;
  std::uint8_t tracepoint;
  bool faultable;
};

// A finding that is still on the tracepoint with arguments needs these: else it would have got a lower number. One that
// still has faultable readers needs them.
Kept kept_of(const Sequence& finding) {
  const bool arguments = std::ranges::any_of(
      finding.operations, [](const Operation& operation) { return concerns(operation, kTracepointWithArguments); });
  return {finding.names, static_cast<std::uint8_t>(arguments ? kTracepointWithArguments : 0), finding.faultable != 0};
}

// The first one of exactly so many operations that shows what is wanted.
std::optional<Sequence> search_group(const Group& group, int operations, const Kept& kept, Trials& trials) {
  for (int probes = group.fewest_probes; probes <= std::min(operations, group.most_probes); ++probes)
    for (const bool hit : {false, true})
      for (Sequence& sequence : skeletons(operations - (hit ? 1 : 0), probes, hit)) {
        sequence.names = kept.names;
        for (Operation& operation : sequence.operations) operation.tp = kept.tracepoint;
        if (kept.faultable) sequence.faultable = tracepoint_bit(kept.tracepoint);
        if (place_parks(sequence, group.parks, trials)) return sequence;
        if (trials.over()) return std::nullopt;
      }
  return std::nullopt;
}

// The first one of at most so many operations.
std::optional<Sequence> search_group_up_to(int operations, const Group& group, const Kept& kept, Trials& trials) {
  trials.grant(group.executions);
  std::optional<Sequence> found;
  for (int count = 1; count <= operations && !found && !trials.over(); ++count)
    found = search_group(group, count, kept, trials);
  trials.grant(Trials::kUnlimited);
  return found;
}

Sequence without_operation(Sequence sequence, std::size_t i) {
  sequence.operations.erase(sequence.operations.begin() + static_cast<std::ptrdiff_t>(i));
  return sequence;
}

Sequence without_park(Sequence sequence, std::size_t operation, std::size_t i) {
  auto& parks = sequence.operations[operation].parks;
  parks.erase(parks.begin() + static_cast<std::ptrdiff_t>(i));
  return sequence;
}

Sequence without_parks(Sequence sequence) {
  for (Operation& operation : sequence.operations) operation.parks.clear();
  return sequence;
}

// With its delays and one more, or one of them elsewhere, or two others.
std::optional<Sequence> delay_otherwise(Sequence sequence, Trials& trials) {
  if (place_parks(sequence, 1, trials)) return sequence;
  for (std::size_t operation = 0; operation < sequence.operations.size(); ++operation)
    for (std::size_t i = 0; i < sequence.operations[operation].parks.size(); ++i)
      if (Sequence fewer = without_park(sequence, operation, i); place_parks(fewer, 1, trials)) return fewer;
  sequence = without_parks(std::move(sequence));
  if (place_parks(sequence, 2, trials)) return sequence;
  return std::nullopt;
}

}  // namespace

std::optional<Sequence> search_small(const Sequence& sequence, Trials& trials) {
  int operations = count_operations(sequence);
  std::optional<Sequence> best;
  for (const Group& group : kGroups)
    if (auto found = search_group_up_to(operations, group, kept_of(sequence), trials)) {
      operations = count_operations(*found) - 1;
      best = std::move(found);
    }
  return best;
}

std::optional<Sequence> search_shorter(const Sequence& sequence, Trials& trials) {
  trials.grant(kShorter);
  std::optional<Sequence> found;
  for (std::size_t i = sequence.operations.size(); i-- > 0 && !found;)
    found = delay_otherwise(without_operation(sequence, i), trials);
  trials.grant(Trials::kUnlimited);
  return found;
}

}  // namespace tpfuzz
