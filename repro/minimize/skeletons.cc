#include "repro/minimize/skeletons.h"

#include <algorithm>
#include <array>

#include "fuzz/sequence/probe_set.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/minimize/canonical.h"
#include "repro/minimize/simplicity.h"

namespace tpfuzz {
namespace {

using Declarations = std::array<std::optional<Probe>, kMaxProbes>;

Operation change(Verb verb, int slot) {
  Operation operation;
  operation.verb = verb;
  operation.probes = probe_bit(static_cast<std::size_t>(slot));
  return operation;
}

Operation hit_of_r0() {
  Operation operation;
  operation.cpu.kind = Cpu::Kind::reader;
  return operation;
}

// Adds to `all` each way to go on after `begun` with `left` changes, if probe `fresh` is the first that none has named
// and those of `registered` are registered.
void add_changes(const Sequence& begun, int left, int fresh, unsigned registered, int probes,
                 std::vector<Sequence>& all) {
  if (left == 0) {
    if (fresh == probes) all.push_back(begun);
    return;
  }
  for (int slot = 0; slot < probes && slot <= fresh; ++slot) {
    Sequence longer = begun;
    const bool removes = (registered >> static_cast<unsigned>(slot) & 1U) != 0;
    longer.operations.push_back(change(removes ? Verb::unregister_probe : Verb::register_probe, slot));
    add_changes(longer, left - 1, std::max(fresh, slot + 1), registered ^ (1U << static_cast<unsigned>(slot)), probes,
                all);
  }
}

// Adds to `all` each way to declare the probes from `slot` on.
void add_declarations(Sequence declared, int slot, int probes, std::vector<Declarations>& all) {
  if (slot == probes) {
    if (!validate(declared) && canonical(declared) == declared) all.push_back(declared.probes);
    return;
  }
  for (std::uint8_t func = 0; func <= slot; ++func)
    for (std::uint8_t data = 0; data <= slot; ++data)
      for (int rank = 0; rank < probes; ++rank) {
        declared.probes[static_cast<std::size_t>(slot)] = Probe{func, data, simple_priority(rank)};
        add_declarations(declared, slot + 1, probes, all);
      }
}

std::vector<Declarations> declarations(int probes) {
  Sequence names_all;  // so that none is left out as unused
  for (int slot = 0; slot < probes; ++slot) names_all.operations.push_back(change(Verb::register_probe, slot));
  std::vector<Declarations> all;
  add_declarations(names_all, 0, probes, all);
  return all;
}

std::vector<Sequence> with_hit(const Sequence& sequence) {
  std::vector<Sequence> all;
  for (std::size_t i = 1; i <= sequence.operations.size(); ++i) {
    all.push_back(sequence);
    auto& operations = all.back().operations;
    operations.insert(operations.begin() + static_cast<std::ptrdiff_t>(i), hit_of_r0());
  }
  return all;
}

void sort_by_simplicity(std::vector<Sequence>& sequences) {
  std::vector<std::pair<Simplicity, std::size_t>> order;
  for (std::size_t i = 0; i < sequences.size(); ++i) order.emplace_back(Simplicity(sequences[i]), i);
  std::ranges::sort(order);
  std::vector<Sequence> sorted;
  for (const auto& [simplicity, i] : order) sorted.push_back(std::move(sequences[i]));
  sequences = std::move(sorted);
}

}  // namespace

std::vector<Sequence> skeletons(int changes, int probes, bool hit) {
  std::vector<Sequence> programs;
  add_changes({}, changes, 0, 0, probes, programs);
  std::vector<Sequence> all;
  for (const Declarations& declared : declarations(probes))
    for (Sequence& program : programs) {
      program.probes = declared;
      if (hit)
        std::ranges::move(with_hit(program), std::back_inserter(all));
      else
        all.push_back(program);
    }
  sort_by_simplicity(all);
  return all;
}

}  // namespace tpfuzz
