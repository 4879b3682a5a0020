// At which passings of its points the operation of a CPU is delayed.
#pragma once

#include <array>
#include <cstdint>

#include "fuzz/engine/scheduler.h"

namespace tpfuzz {

/// The points at which operations of `sequence` are delayed.
inline PointSet parked_points(const Sequence& sequence) {
  PointSet points = 0;
  for (const Operation& operation : sequence.operations)
    for (const Park& park : operation.parks) points |= bit(park.point);
  return points;
}

/// Whether one of them is an access to a shared word.
inline bool parks_at_access(const Sequence& sequence) { return (parked_points(sequence) & kAccessPoints) != 0; }

class Parks {
 public:
  /// From now on the parks are those of `line`, which stays where it is; there is none if `line` is nullptr. Returns
  /// the points that have parks.
  PointSet start(const Operation* line) {
    line_ = line;
    points_ = 0;
    if (line == nullptr) return 0;
    for (const Park& park : line->parks) {
      points_ |= bit(park.point);
      passed_[static_cast<std::size_t>(park.point)] = 0;
    }
    return points_;
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
  const Operation* line_ = nullptr;
  PointSet points_ = 0;                    // a bit for each point at which there is a park
  std::array<int, tp::kPoints> passed_{};  // how often those points were passed
};

}  // namespace tpfuzz
