// Which of two sequences that show the same is the simpler one: the order behind a minimisation.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// How far a valid sequence is from the simplest one; the smaller, the simpler. What stands first counts most.
/// Sequences with equal ones differ in nothing but the names of probes.
class Simplicity {
 public:
  explicit Simplicity(const Sequence& sequence);
  auto operator<=>(const Simplicity&) const = default;

 private:
  enum class Count : std::uint8_t {
    operations,
    probes,
    parks,
    properties,  // and expected results, further probes of a batch, NULL functions, nested hits
    delay,       // events, and passings that go by before
    priorities,  // how far they are from 10, 20, 30...
    points,      // parks elsewhere than at the loads and the stores of `funcs`
    names,       // functions and data that are not called like their probe
    numbers,     // of CPUs, tracepoints, sites, slots, functions, data
    count
  };

  int& at(Count count) { return counts_[static_cast<std::size_t>(count)]; }
  void add(const Operation& operation);
  void add(int slot, const Probe& probe);

  std::array<int, static_cast<std::size_t>(Count::count)> counts_{};
  std::vector<std::uint8_t> code_;  // the binary form
};

/// How many operations; a batch counts as often as it removes, and the removal of NULL, that is of everything, twice.
/// So neither saves one.
int count_operations(const Sequence& sequence);

/// The priority that comes `rank`-th: 10, 20, 30...
constexpr std::int32_t simple_priority(int rank) { return kDefaultPriority * (rank + 1); }

}  // namespace tpfuzz
