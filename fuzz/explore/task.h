// A state that is to be explored, and the steps that lead on from there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "fuzz/explore/world.h"

namespace tpfuzz {

/// A state that is still to be explored.
struct Node {
  std::uint32_t number = 0;
  Begun begun{};
  std::vector<std::byte> bytes;  ///< as World saves it
};

/// Which choices are taken from a state.
enum class Taken : std::uint8_t {
  steps,       ///< those before a writer begins another operation
  beginnings,  ///< those by which one does
};

struct Task {
  Node node;
  Taken taken = Taken::steps;
};

/// A step from one state to the next, or to the end of the execution.
struct StepTaken {
  Choice choice;
  std::optional<Invariant> broken;  ///< the execution ends with that
  Digested state;                   ///< which the step leads to, unless it ends the execution
  Begun begun{};                    ///< there
};

/// Takes each step from the state of `bytes`, in which so much was `begun`; writers have begun `operations`. After
/// each, `visit(step)` finds the world in the state that the step leads to, and says whether to take the next. Returns
/// whether a writer may begin one more operation in the state, of a task that takes the `steps`.
template <class Visit>
bool take_steps(World& world, std::span<const std::byte> bytes, const Begun& begun, Taken taken, int operations,
                Visit visit) {
  world.restore(bytes);
  const bool begins = taken == Taken::beginnings;
  const std::vector<Choice> choices = begins ? world.beginnings(begun, operations - 1) : world.steps(begun);
  const bool later = !begins && !world.beginnings(begun, operations).empty();
  bool moved = false;
  for (const Choice choice : choices) {
    if (std::exchange(moved, true)) world.restore(bytes);
    StepTaken step{choice, {}, {}, begun};
    step.broken = world.go(choice, step.begun);
    if (!step.broken) step.state = world.digested(step.begun);
    if (!visit(step)) break;
  }
  return later;
}

/// Does what code does once in a process, which leaves its traces on stacks: takes each step from the `first` state.
inline void do_once(World& world, const Node& first) {
  for (const Taken taken : {Taken::steps, Taken::beginnings})
    take_steps(world, first.bytes, first.begun, taken, 1, [](const StepTaken&) { return true; });
}

}  // namespace tpfuzz
