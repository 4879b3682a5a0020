#include "repro/minimize/search.h"

#include <algorithm>

#include "repro/minimize/place_parks.h"
#include "repro/minimize/skeletons.h"

namespace tpfuzz {
namespace {

// Executions; a million take some seconds.
constexpr long kOneDelay = 300'000;
constexpr long kTwoDelays = 100'000;
constexpr long kShorter = 100'000;

// The first skeleton of exactly so many operations that shows what is wanted with at most `parks` parks.
std::optional<Sequence> search_skeletons(int operations, int parks, Trials& trials) {
  for (int probes = 1; probes <= std::min(operations, kMostProbesOfSkeletons); ++probes)
    for (const bool hit : {false, true})
      for (Sequence& sequence : skeletons(operations - (hit ? 1 : 0), probes, hit)) {
        if (place_parks(sequence, parks, trials)) return sequence;
        if (trials.over()) return std::nullopt;
      }
  return std::nullopt;
}

std::optional<Sequence> search_up_to(int operations, int parks, long executions, Trials& trials) {
  trials.grant(executions);
  std::optional<Sequence> found;
  for (int count = 1; count <= operations && !found && !trials.over(); ++count)
    found = search_skeletons(count, parks, trials);
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

std::optional<Sequence> search_small(std::size_t operations, Trials& trials) {
  const int most = static_cast<int>(operations);
  const auto found = search_up_to(most, 1, kOneDelay, trials);
  const int fewer = found ? static_cast<int>(found->operations.size()) - 1 : most;
  if (auto shorter = search_up_to(fewer, 2, kTwoDelays, trials)) return shorter;
  return found;
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
