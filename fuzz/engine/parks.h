// At which passings of its points the operation of a CPU is delayed.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "fuzz/sequence/sequence.h"

namespace tpfuzz {

/// Whether an operation of `sequence` is delayed at an access to a shared word.
inline bool parks_at_access(const Sequence& sequence) {
  return std::ranges::any_of(sequence.operations, [](const Operation& operation) {
    return std::ranges::any_of(operation.parks, [](const Park& park) { return tp::is_access(park.point); });
  });
}

class Parks {
 public:
  /// From now on those of `line`; of nothing if it is null. `line` stays where it is.
  void start(const Operation* line) {
    line_ = line;
    points_ = 0;
    if (line == nullptr) return;
    for (const Park& park : line->parks) {
      points_ |= bit(park.point);
      passed_[static_cast<std::size_t>(park.point)] = 0;
    }
  }

  /// The one that applies at this passing of `point`, or nullptr.
  const Park* pass(tp::Point point) {
    if ((points_ & bit(point)) == 0) return nullptr;
    const int passing = ++passed_[static_cast<std::size_t>(point)];
    for (const Park& park : line_->parks)
      if (park.point == point && park.nth == passing) return &park;
    return nullptr;
  }

 private:
  static_assert(tp::kPoints <= 64);
  static std::uint64_t bit(tp::Point point) { return std::uint64_t{1} << static_cast<int>(point); }

  const Operation* line_ = nullptr;
  std::uint64_t points_ = 0;                        // a bit for each point at which there is a park
  std::array<std::uint8_t, tp::kPoints> passed_{};  // how often those points were passed
};

}  // namespace tpfuzz
