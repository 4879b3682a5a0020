#include "fuzz/explore/skeletons.h"

#include <algorithm>
#include <array>
#include <bit>

#include "fuzz/explore/canonical.h"
#include "fuzz/explore/complexity.h"
#include "fuzz/sequence/validate.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

using Declarations = std::array<std::optional<Probe>, kMaxProbes>;

Operation change(Verb verb, unsigned probes) {
  Operation operation;
  operation.verb = verb;
  operation.probes = static_cast<std::uint8_t>(probes);
  return operation;
}

Operation hit_of_r0() {
  Operation operation;
  operation.cpu.kind = Cpu::Kind::reader;
  return operation;
}

// Programs of one writer: each way to go on from one change to the next.
class Programs {
 public:
  explicit Programs(int probes) : probes_(probes) {}

  // All with so many changes that name all probes, in this order.
  std::vector<Sequence> of(int changes) {
    add({}, changes, 0, 0);
    return std::move(all_);
  }

 private:
  // Adds those that go on after `begun` with `left` changes; `fresh` is the first probe that none has named, and
  // `registered` has a bit for each that is registered.
  void add(const Sequence& begun, int left, int fresh, unsigned registered) {
    if (left == 0) {
      if (fresh == probes_) all_.push_back(begun);
      return;
    }
    for (int slot = 0; slot < probes_ && slot <= fresh; ++slot)
      if (const unsigned probe = probe_bit(static_cast<std::size_t>(slot)); (registered & probe) == 0)
        add(and_then(begun, Verb::register_probe, probe), left - 1, std::max(fresh, slot + 1), registered | probe);
    for (unsigned removed = 1; removed <= registered; ++removed)
      if ((removed & ~registered) == 0 && std::popcount(removed) <= left)
        add(and_then(begun, Verb::unregister_probe, removed), left - std::popcount(removed), fresh,
            registered & ~removed);
  }

  static Sequence and_then(Sequence begun, Verb verb, unsigned probes) {
    begun.operations.push_back(change(verb, probes));
    return begun;
  }

  int probes_;
  std::vector<Sequence> all_;
};

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
  for (int slot = 0; slot < probes; ++slot)
    names_all.operations.push_back(change(Verb::register_probe, probe_bit(static_cast<std::size_t>(slot))));
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

void sort_by_complexity(std::vector<Sequence>& sequences) {
  std::vector<std::pair<Complexity, std::size_t>> order;
  for (std::size_t i = 0; i < sequences.size(); ++i) order.emplace_back(Complexity(sequences[i]), i);
  std::ranges::sort(order);
  std::vector<Sequence> sorted;
  for (const auto& [complexity, i] : order) sorted.push_back(std::move(sequences[i]));
  sequences = std::move(sorted);
}

}  // namespace

std::vector<Sequence> skeletons(int changes, int probes, bool hit) {
  std::vector<Sequence> programs = Programs(probes).of(changes);
  std::vector<Sequence> all;
  for (const Declarations& declared : declarations(probes))
    for (Sequence& program : programs) {
      program.probes = declared;
      if (hit)
        std::ranges::move(with_hit(program), std::back_inserter(all));
      else
        all.push_back(program);
    }
  sort_by_complexity(all);
  return all;
}

}  // namespace tpfuzz
