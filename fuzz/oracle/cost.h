// The report `cost`: what the transitions of an execution cost. No violation.
#pragma once

#include <array>

#include "fuzz/oracle/history.h"

namespace tpfuzz {

class Cost {
 public:
  struct Row {
    unsigned times = 0;          ///< operations that made the transition
    unsigned grace_periods = 0;  ///< waited for: those that could not end at once
    unsigned cookies = 0;        ///< taken
    unsigned patches = 0;        ///< updates of a call or a branch, at all their sites
    bool operator==(const Row&) const = default;
  };

  void start() { rows_ = {}; }

  /// Takes in one event; `history` has not.
  void add(const History& history, const Event& event);

  const Row& of(tp::Transition transition) const { return rows_[static_cast<std::size_t>(transition)]; }

 private:
  std::array<Row, tp::kTransitions> rows_{};
};

}  // namespace tpfuzz
