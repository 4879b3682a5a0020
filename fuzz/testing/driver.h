// Drives a Stepper through a sequence: each CPU runs its lines in their order, and k0 begins before any line does, as
// rule 9 says (docs/sequences.md). Who goes on at a stop is drawn, or said.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "fuzz/engine/stepper.h"
#include "fuzz/oracle/oracle.h"
#include "fuzz/sequence/random.h"

namespace tpfuzz {

class Driver {
 public:
  /// Begins an execution of `sequence`; all outlive the driver.
  Driver(const Sequence& sequence, Stepper& stepper, Oracle& oracle) : sequence_(sequence), stepper_(stepper) {
    oracle.start(sequence, {});
    stepper.start(sequence, oracle);
  }

  /// The CPUs that can go on; none at the end of the execution.
  std::vector<int> choices() const {
    std::vector<int> choices;
    for (int cpu = 0; ended_ == false && cpu < kMaxCpus; ++cpu)
      if (can_step(cpu)) choices.push_back(cpu);
    return choices;
  }

  /// One of `choices`, which are some. A CPU mostly goes on after a stop: so the delays of the others are long ones,
  /// too.
  int draw(const std::vector<int>& choices, Random& random) const {
    const bool stays = std::ranges::find(choices, last_) != choices.end() && random.chance(15, 16);
    return stays ? last_ : choices[static_cast<std::size_t>(random.below(static_cast<int>(choices.size())))];
  }

  /// `cpu`, one of `choices`, goes on.
  void step(int cpu) {
    last_ = cpu;
    int line = 0;
    if (stepper_.idle(cpu) && cpu != kWorkerCpu) {
      line = *next_line(cpu);
      begun_[static_cast<std::size_t>(cpu)] = line + 1;
    }
    ended_ = !stepper_.step(cpu, line);
  }

 private:
  bool can_step(int cpu) const {
    if (!stepper_.enabled(cpu)) return false;
    if (!stepper_.idle(cpu) || cpu == kWorkerCpu) return true;
    return next_line(cpu).has_value() && !(stepper_.idle(kWorkerCpu) && stepper_.enabled(kWorkerCpu));
  }

  std::optional<int> next_line(int cpu) const {
    for (int line = begun_[static_cast<std::size_t>(cpu)]; line < std::ssize(sequence_.operations); ++line)
      if (sequence_.operations[static_cast<std::size_t>(line)].cpu.number() == cpu) return line;
    return std::nullopt;
  }

  const Sequence& sequence_;
  Stepper& stepper_;
  std::array<int, kMaxCpus> begun_{};  // where the search for the next line of a CPU begins
  int last_ = 0;
  bool ended_ = false;
};

}  // namespace tpfuzz
