#include "fuzz/explore/bounds.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <vector>

namespace tpfuzz {
namespace {

Operation operation(Cpu::Kind kind, int index, Verb verb, int tp) {
  Operation operation;
  operation.cpu = {kind, static_cast<std::uint8_t>(index)};
  operation.verb = verb;
  operation.tp = static_cast<std::uint8_t>(tp);
  return operation;
}

// Adds `change`, and once more with an allocation that fails, if that is asked for.
void add(std::vector<Operation>& changes, const Bounds& bounds, Operation change) {
  for (int fail = 0; fail <= int{bounds.failing}; ++fail) {
    change.fail = static_cast<std::uint8_t>(fail);
    changes.push_back(change);
  }
}

std::uint8_t bit_of(int probe) { return static_cast<std::uint8_t>(1U << probe); }

// All that a writer can do to one tracepoint.
std::vector<Operation> changes(const Bounds& bounds, int writer, int tp) {
  std::vector<Operation> changes;
  for (const Verb verb : {Verb::register_probe, Verb::unregister_probe})
    for (int probe = 0; probe < bounds.probes; ++probe) {
      Operation change = operation(Cpu::Kind::writer, writer, verb, tp);
      change.probes = bit_of(probe);
      add(changes, bounds, change);
    }
  return changes;
}

// Two probes at once, both of `tp` or the second of a tracepoint after it.
std::vector<Operation> batches(const Bounds& bounds, int writer, int tp) {
  std::vector<Operation> batches;
  Operation batch = operation(Cpu::Kind::writer, writer, Verb::unregister_probe, tp);
  for (int first = 0; first < bounds.probes; ++first)
    for (int second = first + 1; second < bounds.probes; ++second) {
      batch.probes = static_cast<std::uint8_t>(bit_of(first) | bit_of(second));
      add(batches, bounds, batch);
    }
  for (int other = tp + 1; other < bounds.tracepoints; ++other)
    for (int first = 0; first < bounds.probes; ++first)
      for (int second = 0; second < bounds.probes; ++second) {
        batch.probes = bit_of(first);
        batch.further = {};
        batch.further[static_cast<std::size_t>(other)] = bit_of(second);
        add(batches, bounds, batch);
      }
  return batches;
}

std::string count(int number, const char* what) { return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s"); }

}  // namespace

ProbeSet probes_of(const Sequence& sequence) {
  ProbeSet set;
  set.names = sequence.names;
  for (const std::optional<Probe>& probe : sequence.probes)
    if (probe) set.probes[static_cast<std::size_t>(set.size++)] = *probe;
  return set;
}

std::optional<Sequence> alphabet(const Bounds& bounds) {
  Sequence sequence;
  for (int slot = 0; slot < bounds.probes; ++slot)
    sequence.probes[static_cast<std::size_t>(slot)] =
        (bounds.set != nullptr ? std::span<const Probe>(bounds.set->probes)
                               : kProbeSet)[static_cast<std::size_t>(slot)];
  if (bounds.set != nullptr) sequence.names = bounds.set->names;
  const unsigned tracepoints = (1U << bounds.tracepoints) - 1;
  if (bounds.faultable) sequence.faultable = static_cast<Faultable>(tracepoints);
  if (bounds.mixed) sequence.faultable = static_cast<Faultable>(tracepoints & ~1U);
  std::vector<Operation> all;
  for (int tp = 0; tp < bounds.tracepoints; ++tp) {
    for (int writer = 0; writer < bounds.writers; ++writer) {
      std::ranges::copy(changes(bounds, writer, tp), std::back_inserter(all));
      if (bounds.batches) std::ranges::copy(batches(bounds, writer, tp), std::back_inserter(all));
      for (const Verb verb : {Verb::key_inc, Verb::key_dec})
        if (bounds.key_users) all.push_back(operation(Cpu::Kind::writer, writer, verb, tp));
    }
    for (int reader = 0; reader < bounds.readers; ++reader)
      all.push_back(operation(Cpu::Kind::reader, reader, Verb::hit, tp));
  }
  for (int writer = 0; bounds.syncs && writer < bounds.writers; ++writer)
    all.push_back(operation(Cpu::Kind::writer, writer, Verb::sync, 0));
  if (all.size() > sequence.operations.capacity()) return std::nullopt;
  sequence.operations.assign(all.begin(), all.end());
  return sequence;
}

std::string words(const Bounds& bounds) {
  std::string words = "every schedule of ";
  words += bounds.operations ? fmt::format("every sequence of up to {}", count(*bounds.operations, "operation"))
                             : "sequences of any length";
  words += fmt::format(" on {}", count(bounds.probes, bounds.set != nullptr ? "given probe" : "probe"));
  if (bounds.tracepoints > 1) words += fmt::format(" and {}", count(bounds.tracepoints, "tracepoint"));
  words += fmt::format(" with {}{}", bounds.faultable ? "faultable " : "", count(bounds.readers, "reader"));
  words += bounds.hits ? fmt::format(" of {}", count(*bounds.hits, "hit")) : " of any number of hits";
  if (bounds.writers > 1) words += fmt::format(" and {}", count(bounds.writers, "writer"));
  if (bounds.mixed) words += ", where the readers of all tracepoints but one are faultable";
  if (bounds.failing) words += ", with allocations that fail";
  if (bounds.syncs) words += ", with syncs";
  if (bounds.key_users) words += ", with users of the key besides the probes";
  if (bounds.batches) words += ", with removals of two probes at once";
  return words;
}

}  // namespace tpfuzz
