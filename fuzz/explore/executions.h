// How many executions a plain enumeration of the same schedules would take: as many as there are ways through the
// states that an exploration meets, from the first to an end. A state may be met again after more operations were
// begun. So the ways are counted for each state and each number of operations.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace tpfuzz {

class Executions {
 public:
  /// Of executions in which writers begin at most `operations`; nothing: whoever adds the steps knows.
  explicit Executions(std::optional<int> operations) : operations_(operations.value_or(0)), bounded_(operations) {}

  /// A step leads from one state to another, or ends the execution. `begins`: a writer begins an operation by it.
  /// States have small numbers.
  void add_step(std::uint32_t from, std::uint32_t to, bool begins) { steps_.push_back({from, to, bounded_ && begins}); }
  void add_end(std::uint32_t from, bool begins) { add_step(from, kEnd, begins); }

  /// Those that begin in state 0, and end where no step leads on; infinity if one need not end.
  double count() const;

 private:
  static constexpr std::uint32_t kEnd = ~std::uint32_t{0};
  struct Step {
    std::uint32_t from;
    std::uint32_t to;
    bool begins;
  };

  int operations_;
  bool bounded_;
  std::vector<Step> steps_;
};

}  // namespace tpfuzz
