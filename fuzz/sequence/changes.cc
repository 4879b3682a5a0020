#include "fuzz/sequence/changes.h"

#include <algorithm>

#include "fuzz/sequence/draw.h"
#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

bool insert_copy(Sequence& sequence, const Operation& operation, std::size_t position) {
  if (sequence.operations.size() == kMaxOperations) return false;
  sequence.operations.insert(sequence.operations.begin() + static_cast<std::ptrdiff_t>(position), operation);
  return true;
}

struct ChosenPark {
  Operation* operation;  // null if the sequence has no park
  std::size_t index;
};

// Any park of the sequence, each as likely as the others.
ChosenPark draw_chosen_park(Sequence& sequence, Random& random) {
  std::size_t count = 0;
  for (const Operation& operation : sequence.operations) count += operation.parks.size();
  if (count == 0) return {nullptr, 0};
  std::size_t index = draw_below(count, random);
  auto operation = sequence.operations.begin();
  for (; index >= operation->parks.size(); ++operation) index -= operation->parks.size();
  return {&*operation, index};
}

// Rarely at an access to a shared word: half of what a fuzzer runs has no such delay, and is faster.
Park draw_any_park(Verb verb, Random& random) {
  if (accesses_of(verb).empty() || !random.chance(1, 16)) return draw_park(verb, random);
  return verb == Verb::hit && random.chance(1, 2) ? draw_trap_park(random) : draw_access_park(verb, random);
}

// One more or one less, within low..high.
bool nudge(std::uint8_t& value, int low, int high, Random& random) {
  const int changed = value + (random.chance(1, 2) ? 1 : -1);
  if (changed < low || changed > high) return false;
  value = static_cast<std::uint8_t>(changed);
  return true;
}

// A register or unregister of the sequence, if the first one drawn is one.
Operation* draw_probe_change(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return nullptr;
  Operation& operation = sequence.operations[draw_below(sequence.operations.size(), random)];
  return changes_probes(operation.verb) ? &operation : nullptr;
}

void drop_what_does_not_apply(Operation& operation) {
  for (const Property& property : properties())
    if (!property.applies(operation)) property.set(operation, std::nullopt);
  for (int tp = 0; tp < kMaxTracepoints; ++tp)
    if (!may_span(operation, tp)) operation.further[static_cast<std::size_t>(tp)] = 0;
}

}  // namespace

bool insert_operation(Sequence& sequence, Random& random) {
  const std::size_t position = draw_below(sequence.operations.size() + 1, random);
  Shape shape = draw_shape(random);
  shape.arguments = std::ranges::any_of(
      sequence.operations, [](const Operation& other) { return concerns(other, kTracepointWithArguments); });
  return insert_copy(sequence, draw_operation(sequence, position, shape, random), position);
}

bool duplicate_operation(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  const Operation copy = sequence.operations[draw_below(sequence.operations.size(), random)];
  return insert_copy(sequence, copy, draw_below(sequence.operations.size() + 1, random));
}

bool remove_operation(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (operations.empty()) return false;
  operations.erase(operations.begin() + static_cast<std::ptrdiff_t>(draw_below(operations.size(), random)));
  return true;
}

bool swap_neighbours(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (operations.size() < 2) return false;
  const std::size_t first = draw_below(operations.size() - 1, random);
  std::swap(operations[first], operations[first + 1]);
  return true;
}

bool move_operation(Sequence& sequence, Random& random) {
  auto& operations = sequence.operations;
  if (operations.size() < 2) return false;
  const auto from = static_cast<std::ptrdiff_t>(draw_below(operations.size(), random));
  const auto to = static_cast<std::ptrdiff_t>(draw_below(operations.size(), random));
  const auto begin = operations.begin();
  if (from < to)
    std::rotate(begin + from, begin + from + 1, begin + to + 1);
  else
    std::rotate(begin + to, begin + from, begin + from + 1);
  return from != to;
}

bool add_park(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  Operation& operation = sequence.operations[draw_below(sequence.operations.size(), random)];
  if (operation.parks.size() == kMaxParks) return false;
  const std::size_t position = draw_below(operation.parks.size() + 1, random);
  operation.parks.insert(operation.parks.begin() + static_cast<std::ptrdiff_t>(position),
                         draw_any_park(operation.verb, random));
  return true;
}

bool remove_park(Sequence& sequence, Random& random) {
  const auto [operation, index] = draw_chosen_park(sequence, random);
  if (operation == nullptr) return false;
  operation->parks.erase(operation->parks.begin() + static_cast<std::ptrdiff_t>(index));
  return true;
}

bool change_park_point(Sequence& sequence, Random& random) {
  const auto [operation, index] = draw_chosen_park(sequence, random);
  if (operation == nullptr) return false;
  operation->parks[index].point = draw_any_park(operation->verb, random).point;
  return true;
}

bool nudge_park_nth(Sequence& sequence, Random& random) {
  const auto [operation, index] = draw_chosen_park(sequence, random);
  return operation != nullptr && nudge(operation->parks[index].nth, 1, kMaxNth, random);
}

bool nudge_park_events(Sequence& sequence, Random& random) {
  const auto [operation, index] = draw_chosen_park(sequence, random);
  return operation != nullptr && nudge(operation->parks[index].events, 1, kMaxEvents, random);
}

bool change_cpu(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  Cpu& cpu = sequence.operations[draw_below(sequence.operations.size(), random)].cpu;
  const int count = cpus_of(cpu.kind);
  if (count == 1) return false;
  cpu.index = static_cast<std::uint8_t>((cpu.index + 1 + random.below(count - 1)) % count);
  return true;
}

bool change_verb(Sequence& sequence, Random& random) {
  Operation* operation = draw_probe_change(sequence, random);
  if (operation == nullptr) return false;
  const bool was_register = operation->verb == Verb::register_probe;
  operation->verb = was_register ? Verb::unregister_probe : Verb::register_probe;
  if (!was_register) operation->probes &= static_cast<std::uint8_t>(-operation->probes);  // of a batch, the first
  drop_what_does_not_apply(*operation);
  return true;
}

bool change_named_probe(Sequence& sequence, Random& random) {
  Operation* operation = draw_probe_change(sequence, random);
  if (operation == nullptr) return false;
  const std::size_t slot = draw_below(kMaxProbes, random);
  if (!sequence.probes[slot] && !random.chance(1, 16)) return false;  // a new probe is rarely what is missing
  const std::uint8_t probe = probe_bit(slot);
  if (random.chance(1, 16))
    operation->probes = 0;
  else if (operation->verb == Verb::unregister_probe && random.chance(1, 6))
    operation->probes ^= probe;
  else
    operation->probes = probe;
  drop_what_does_not_apply(*operation);
  return true;
}

bool change_batch(Sequence& sequence, Random& random) {
  Operation* operation = draw_probe_change(sequence, random);
  const std::size_t tp = draw_below(kMaxTracepoints, random);
  const std::size_t slot = draw_below(kMaxProbes, random);
  if (operation == nullptr || !may_span(*operation, static_cast<int>(tp)) || !sequence.probes[slot]) return false;
  operation->further[tp] ^= probe_bit(slot);
  return true;
}

bool change_property(Sequence& sequence, Random& random) {
  if (sequence.operations.empty()) return false;
  Operation& operation = sequence.operations[draw_below(sequence.operations.size(), random)];
  const Property& property = properties()[draw_below(properties().size(), random)];
  if (!property.applies(operation)) return false;
  if (property.get(operation))
    property.set(operation, std::nullopt);
  else if (property.name == "prio")
    property.set(operation, draw_priority(random));
  else if (property.name == kNested)
    property.set(operation, draw_nested(operation.tp, kMaxTracepoints, random));
  else
    property.set(operation, draw_geometric(1, property.high, random));
  drop_what_does_not_apply(operation);
  return true;
}

bool change_declaration(Sequence& sequence, Random& random) {
  auto& probe = sequence.probes[draw_below(kMaxProbes, random)];
  if (!probe) return false;
  static_assert(kMaxFunctions == kMaxData, "one value is drawn for both");
  const auto value = static_cast<std::uint8_t>(random.below(kMaxData));
  switch (random.below(4)) {
    case 0:
      probe->func = value;
      break;
    case 1:
      probe->data = random.chance(1, 8) ? std::uint8_t{kNullData} : value;
      break;
    default:
      probe->prio = draw_priority(random);
  }
  return true;
}

bool remove_unused_declaration(Sequence& sequence, Random& random) {
  const std::size_t slot = draw_below(kMaxProbes, random);
  if (!sequence.probes[slot] || (used_probes(sequence) & probe_bit(slot)) != 0) return false;
  sequence.probes[slot].reset();
  return true;
}

}  // namespace tpfuzz
