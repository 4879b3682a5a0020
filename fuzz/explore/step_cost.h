// What the steps of a protocol cost, as far as the steps alone tell: for an order among protocols. What an execution
// costs is counted by oracle/cost.h.
#pragma once

#include <compare>
#include <vector>

#include "core/protocol.h"

namespace tpfuzz {

/// Costs of one pass through a transition, or through each of several. The first count that differs decides: a grace
/// period takes milliseconds, a patch microseconds, a cookie nanoseconds.
struct StepCost {
  int certain_waits = 0;   ///< for a grace period that begins in the same transition: of a domain each
  int possible_waits = 0;  ///< for one that may have begun earlier, or under a condition
  int patches = 0;         ///< of a call or a branch
  int cookies = 0;         ///< twice those that are taken always, and those that are taken under a condition

  auto operator<=>(const StepCost&) const = default;
  StepCost& operator+=(const StepCost& other);

  /// One number in the same order. Equal to the sum of the parts' numbers.
  constexpr long long number() const {
    constexpr long long kMost = 1000;  // more than any count of a protocol whose cost is asked for
    return ((certain_waits * kMost + possible_waits) * kMost + patches) * kMost + cookies;
  }
};

/// Of a transition with `steps`, of a tracepoint whose readers are of one domain.
StepCost step_cost(const std::vector<tp::Step>& steps);

/// Of one pass through each transition.
StepCost step_cost(const tp::Protocol& protocol);

}  // namespace tpfuzz
