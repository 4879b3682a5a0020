// Passing a point, which is what a subject does most: the point is noted, and the CPU goes on. The Host is asked where
// a CPU may stop, or where something else has to happen.
//
// One log for the process, as engines run one execution at a time. An engine that lets CPUs run free has its Host asked
// at every point: then threads only read the log.
#pragma once

#include <cstdint>

#include "fuzz/subject/event.h"

namespace tpfuzz {

/// A set of points: the bit of a point is its number.
using PointSet = std::uint64_t;
static_assert(tp::kPoints <= 64);
constexpr PointSet bit(tp::Point point) { return PointSet{1} << static_cast<int>(point); }
inline constexpr PointSet kEveryPoint = ~PointSet{0};

/// Accesses to shared words.
inline constexpr PointSet kAccessPoints = [] {
  PointSet points = 0;
  for (int i = 0; i < tp::kPoints; ++i)
    if (tp::is_access(static_cast<tp::Point>(i))) points |= bit(static_cast<tp::Point>(i));
  return points;
}();

struct PointLog {
  PointSet asks = kEveryPoint;  ///< where the Host is asked
  Event* next = nullptr;        ///< where the next event goes; there is room for `steps` more
  Event stamp{};                ///< that event, but for its point
  int steps = 0;                ///< that the running operation may still take; the Host is asked if there are none
};
inline constinit PointLog point_log;

/// The running CPU has come to `point`, which is no access. Never instrumented: ThreadSanitizer must not see the log.
void pass_point(tp::Point point);

}  // namespace tpfuzz
