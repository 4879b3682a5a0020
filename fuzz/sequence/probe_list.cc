#include "fuzz/sequence/probe_list.h"

#include <algorithm>
#include <bit>

#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {

Registered registered_by(const Operation& operation, const Sequence& sequence) {
  const auto slot = static_cast<std::uint8_t>(std::countr_zero(operation.probes));
  return {slot, operation.prio.value_or(sequence.probes[slot].value_or(Probe{}).prio)};
}

bool contains(const ProbeList& list, std::uint8_t slot) {
  return std::ranges::find(list, slot, &Registered::slot) != list.end();
}

void insert(ProbeList& list, Registered probe) {
  if (contains(list, probe.slot)) return;
  const auto lower = [probe](const Registered& other) { return other.prio < probe.prio; };
  list.insert(std::ranges::find_if(list, lower), probe);
}

void remove(ProbeList& list, std::uint8_t slots) {
  const auto goes = [slots](const Registered& probe) { return slots == 0 || (slots & probe_bit(probe.slot)) != 0; };
  list.erase(std::remove_if(list.begin(), list.end(), goes), list.end());
}

void apply(const Sequence& sequence, const Operation& operation, int tp, ProbeList& list) {
  if (!concerns(operation, tp)) return;
  if (operation.verb == Verb::register_probe && operation.probes != 0) insert(list, registered_by(operation, sequence));
  if (operation.verb == Verb::unregister_probe) remove(list, probes_at(operation, tp));
}

ProbeList probe_list(const Sequence& sequence, std::size_t count, int tp) {
  ProbeList list;
  for (std::size_t i = 0; i < count; ++i) apply(sequence, sequence.operations[i], tp, list);
  return list;
}

std::uint8_t slots_of(const ProbeList& list) {
  std::uint8_t slots = 0;
  for (const Registered& probe : list) slots |= probe_bit(probe.slot);
  return slots;
}

}  // namespace tpfuzz
