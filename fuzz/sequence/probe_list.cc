#include "fuzz/sequence/probe_list.h"

#include <algorithm>
#include <bit>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Behind those of the same priority.
void insert(ProbeList& list, Registered probe) {
  if ((slots_of(list) & probe_bit(probe.slot)) != 0) return;
  const auto place =
      std::find_if(list.begin(), list.end(), [probe](const Registered& other) { return other.prio < probe.prio; });
  list.insert(place, probe);
}

}  // namespace

void apply(const Sequence& sequence, const Operation& operation, ProbeList& list) {
  if (operation.verb == Verb::register_probe && operation.probes != 0) {
    const auto slot = static_cast<std::uint8_t>(std::countr_zero(operation.probes));
    const Probe probe = sequence.probes[slot].value_or(Probe{});
    insert(list, {slot, operation.prio.value_or(probe.prio)});
  }
  if (operation.verb == Verb::unregister_probe) {
    const auto goes = [&operation](const Registered& probe) {
      return operation.probes == 0 || (operation.probes & probe_bit(probe.slot)) != 0;
    };
    list.erase(std::remove_if(list.begin(), list.end(), goes), list.end());
  }
}

ProbeList probe_list(const Sequence& sequence, std::size_t count, int tp) {
  ProbeList list;
  for (std::size_t i = 0; i < count; ++i)
    if (sequence.operations[i].tp == tp) apply(sequence, sequence.operations[i], list);
  return list;
}

std::uint8_t slots_of(const ProbeList& list) {
  std::uint8_t slots = 0;
  for (const Registered& probe : list) slots |= probe_bit(probe.slot);
  return slots;
}

}  // namespace tpfuzz
