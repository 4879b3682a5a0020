// Where an exploration is, as a value that another process can go on from. A state holds addresses of its process, and
// so does its digest: neither is in here. Instead each state that was met has its way: the state that it was met after,
// and the choice that led on from there. Whoever goes on takes each of these steps once more, in their order, and meets
// the same states: a step for each state, and no look at the steps that led to states met before.
#pragma once

#include <cstdint>
#include <vector>

namespace tpfuzz {

/// One CPU goes on, or begins a line.
struct Choice {
  std::uint8_t cpu = 0;
  std::uint8_t line = 0;
  bool operator==(const Choice&) const = default;
};

/// How a state was met first.
struct Link {
  std::uint32_t parent = 0;  ///< the number of the state before
  Choice choice;
  bool operator==(const Link&) const = default;
};

struct Checkpoint {
  int operations = 0;                     ///< of writers, that are begun
  std::uint64_t steps = 0;                ///< that were taken
  std::vector<Link> links;                ///< by the number of the state; that of the first state, 0, means nothing
  std::vector<std::uint32_t> round;       ///< the states that are taken next, in this order
  std::vector<std::uint32_t> beginnings;  ///< and then those from which the last of these operations is begun
  std::vector<std::uint32_t> layer;       ///< the states from which that is to be begun later
  std::vector<std::uint32_t> stack;       ///< those that are still to be explored, the next one last
  std::vector<std::uint32_t> next;        ///< those from which one more operation can be begun, later
  std::vector<std::uint64_t> lists;       ///< as ListNumbers has them
  bool operator==(const Checkpoint&) const = default;
};

}  // namespace tpfuzz
