// How complex a sequence is: of two that show the same, the less complex one is the better witness. A search enumerates
// in this order, and a minimisation goes down in it.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <vector>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// How far a valid sequence is from the simplest one: smaller is simpler. The first count that differs decides.
/// Sequences of equal complexity differ in the names of their probes alone.
class Complexity {
 public:
  explicit Complexity(const Sequence& sequence);
  auto operator<=>(const Complexity&) const = default;

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
