#include "fuzz/explore/canonical.h"

#include <bit>
#include <limits>
#include <set>
#include <utility>
#include <vector>

#include "fuzz/explore/complexity.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// New numbers from 0 on, given out at the first use.
class Numbering {
 public:
  std::uint8_t operator()(std::size_t old) {
    while (old >= numbers_.size()) numbers_.push_back(kNone);
    if (numbers_[old] == kNone) numbers_[old] = next_++;
    return numbers_[old];
  }

  // The new numbers of the old ones in `bits`, likewise a bit each; those without a new one have none.
  std::uint8_t of_all(std::uint8_t bits) const {
    unsigned renamed = 0;
    for (std::size_t old = 0; old < numbers_.size(); ++old)
      if ((bits >> old & 1) != 0 && numbers_[old] != kNone) renamed |= 1U << numbers_[old];
    return static_cast<std::uint8_t>(renamed);
  }

  // The greatest number of all stays what it is.
  void keep(std::uint8_t greatest) {
    numbers_.resize(greatest + 1U, kNone);
    numbers_[greatest] = greatest;
  }

 private:
  static constexpr std::uint8_t kNone = std::numeric_limits<std::uint8_t>::max();
  std::vector<std::uint8_t> numbers_;
  std::uint8_t next_ = 0;
};

// A name of its own goes with its probe.
void rename_probes(Sequence& sequence) {
  Numbering slots;
  const auto declared = std::exchange(sequence.probes, {});
  const ProbeNames names = std::exchange(sequence.names, {});
  const auto rename = [&](std::uint8_t probes) {
    std::uint8_t renamed = 0;
    for (std::size_t slot = 0; slot < kMaxProbes; ++slot) {
      if ((probes & probe_bit(slot)) == 0) continue;
      sequence.probes[slots(slot)] = declared[slot];
      if (names.has_own(slot)) sequence.names.set(slots(slot), names.of(slot));
      renamed |= probe_bit(slots(slot));
    }
    return renamed;
  };
  for (Operation& operation : sequence.operations) {
    operation.probes = rename(operation.probes);
    for (std::uint8_t& probes : operation.further) probes = rename(probes);
  }
}

// `number` of each probe becomes the slot of the first probe that has the same; NULL stays NULL.
void rename_like_slots(Sequence& sequence, std::uint8_t Probe::* number) {
  const auto declared = sequence.probes;
  for (std::size_t slot = 0; slot < kMaxProbes && declared[slot]; ++slot) {
    if (*declared[slot].*number == kNullData) continue;
    std::size_t first = 0;
    while (*declared[first].*number != *declared[slot].*number) ++first;
    *sequence.probes[slot].*number = static_cast<std::uint8_t>(first);
  }
}

// Which of a batch comes first is decided by the new numbers.
void rename_tracepoints(Operation& batch, Numbering& tracepoints) {
  std::array<std::uint8_t, kMaxTracepoints> removed{};
  for_each_tracepoint(batch,
                      [&](int tp) { removed[tracepoints(static_cast<std::size_t>(tp))] = probes_at(batch, tp); });
  batch.tp = 0;
  while (removed[batch.tp] == 0) ++batch.tp;
  batch.probes = std::exchange(removed[batch.tp], std::uint8_t{0});
  batch.further = removed;
}

void rename_places(Sequence& sequence, Numbering tracepoints) {
  std::array<Numbering, 3> cpus;  // by kind
  std::array<Numbering, kMaxTracepoints> sites;
  for (Operation& operation : sequence.operations) {
    operation.cpu.index = cpus[static_cast<std::size_t>(operation.cpu.kind)](operation.cpu.index);
    if (operation.verb == Verb::hit) operation.site = sites[operation.tp](operation.site);
    if (spans_tracepoints(operation))
      rename_tracepoints(operation, tracepoints);
    else if (has_tracepoint(operation.verb))
      operation.tp = tracepoints(operation.tp);
    if (operation.nested) operation.nested = tracepoints(*operation.nested);
  }
  sequence.faultable = tracepoints.of_all(sequence.faultable);
}

template <class Visit>
void for_each_priority(Sequence& sequence, Visit visit) {
  for (auto& probe : sequence.probes)
    if (probe) visit(probe->prio);
  for (Operation& operation : sequence.operations)
    if (operation.prio) visit(*operation.prio);
}

void rename_priorities(Sequence& sequence) {
  std::set<std::int32_t> used;
  for_each_priority(sequence, [&](std::int32_t& priority) { used.insert(priority); });
  if (used.size() > kMaxProbes) return;
  for_each_priority(sequence, [&](std::int32_t& priority) {
    priority = simple_priority(static_cast<int>(std::distance(used.begin(), used.find(priority))));
  });
}

Sequence canonical(const Sequence& sequence, Numbering tracepoints) {
  Sequence renamed = sequence;
  rename_probes(renamed);
  rename_like_slots(renamed, &Probe::func);
  rename_like_slots(renamed, &Probe::data);
  rename_places(renamed, std::move(tracepoints));
  rename_priorities(renamed);
  check_valid(renamed);
  return renamed;
}

}  // namespace

Sequence canonical(const Sequence& sequence) { return canonical(sequence, Numbering()); }

Sequence canonical_with_arguments(const Sequence& sequence) {
  static_assert(kTracepointWithArguments == kMaxTracepoints - 1);
  Numbering tracepoints;
  tracepoints.keep(kTracepointWithArguments);
  return canonical(sequence, std::move(tracepoints));
}

}  // namespace tpfuzz
