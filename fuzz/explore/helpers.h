// Processes that take steps for an exploration, beside the one that explores: forked, so that an address means the same
// in all of them, and a state of one can be put back in another (Stepper::share_states). Which process takes a step
// changes nothing of what the step leads to. A process that ends before its time leaves more to the others.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "fuzz/explore/shared_bytes.h"
#include "fuzz/explore/task.h"

namespace tpfuzz {

class Helpers {
 public:
  /// How many tasks a round has at most. A larger one waits less often for the slowest process.
  static constexpr std::size_t kRound = 1024;

  /// Forks so many processes. `world` is in an execution, and outlives this; `first` is its first state.
  Helpers(World& world, const Node& first, int processes);
  Helpers(const Helpers&) = delete;
  Helpers& operator=(const Helpers&) = delete;
  ~Helpers();

  /// The others begin to take the steps of `tasks`, at most kRound. What was answered until then stays until `end`.
  void begin(std::span<const Task> tasks, int operations);

  /// Takes the steps that nobody has taken yet, and waits for the others.
  void end();

  /// The steps of task `number` of the last round that has ended, for which `visit(step, bytes)` is called as by
  /// `take_steps`: `bytes` are the state that the step leads to. Returns what that returns; nothing, and calls nothing,
  /// if nobody took these steps: there was no room for them, or a list had no number yet (ListNumbers).
  template <class Visit>
  std::optional<bool> visit_steps(std::size_t number, Visit visit) const {
    if (answers_[number].empty()) return std::nullopt;
    SavedReader in(answers_[number]);
    for (;;) {
      const auto part = in.take<Part>();
      if (!part.follows) return part.later;
      if (!visit(part.step, in.take(part.size))) return false;
    }
  }

 private:
  // An answer is one for each step, after which comes the state that the step leads to, and one at the end.
  struct Part {
    bool follows = false;
    bool later = false;    // at the end: a writer may begin one more operation
    std::size_t size = 0;  // of the state
    StepTaken step{};
  };
  // Before an answer.
  struct Head {
    std::uint32_t number = 0;  // of the task
    std::size_t size = 0;      // of the answer
  };
  struct Process {
    int id = -1;
    int socket = -1;
    std::array<SharedBytes, 2> answers{};  // of this round, and of the one before
    bool asked = false;
  };
  struct Round;

  [[noreturn]] void serve(const Node& first, int socket, std::array<SharedBytes, 2>& answers);
  void answer(SharedBytes& out);
  bool answer(std::uint32_t number, SharedBytes& out);
  void note(std::span<const std::byte> answers);

  World& world_;
  Round* const round_;  // shared
  SharedBytes states_;  // of its tasks
  std::array<SharedBytes, 2> own_answers_;
  std::vector<Process> processes_;
  std::array<std::span<const std::byte>, kRound> answers_;  // to each task
};

}  // namespace tpfuzz
