// The report `cost`: what the transitions of an execution cost. No violation.
#pragma once

#include <array>

#include "fuzz/engine/trace.h"
#include "fuzz/oracle/reference.h"

namespace tpfuzz {

struct TransitionCost {
  unsigned times = 0;          ///< operations that made the transition
  unsigned grace_periods = 0;  ///< waited for: those that could not end at once
  unsigned cookies = 0;        ///< taken
  unsigned patches = 0;        ///< updates of a call or a branch, at all their sites
  bool operator==(const TransitionCost&) const = default;
};

using Cost = std::array<TransitionCost, tp::kTransitions>;  ///< by tp::Transition

/// What the execution of `sequence` cost that left `trace`; `rules` as Subject says.
Cost cost_of(const Sequence& sequence, const Trace& trace, const Rules& rules);

}  // namespace tpfuzz
