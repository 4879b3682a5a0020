// What `repro check` explores exhaustively: a few bounds, each until no new state is met or a number of states was met.
// The first is of any length, with one writer and one reader, and goes on to all sequences of kMainOperations
// operations in any case. The others have more writers, readers or probes, and stop earlier. Only numbers of states end
// an exploration, and no time: so each says the same on every machine.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "core/protocol.h"
#include "fuzz/explore/explorer.h"

namespace tpfuzz {

inline constexpr int kMainOperations = 5;

struct ExplorationPlan {
  const char* label;  ///< what its bounds have besides those of the main one, as "2 readers"; empty: it is the main one
  Bounds bounds;
  std::uint64_t states = 0;  ///< after so many it stops,
  int operations = 0;        ///< but not before all sequences of so many operations are explored,
  std::uint64_t most = 0;    ///< unless there are so many states
};

/// The first is the main one. Those with faultable readers come last, and of these the one with no others comes first.
std::span<const ExplorationPlan> exploration_plans();

/// What keeps the states of a subject from being explored.
enum class Obstacle : std::uint8_t {
  none,
  sanitizer,  ///< this build has one
  no_memory,  ///< the state of the subject can't be saved and put back
  trap,       ///< the protocol's trap handler keeps something: a delay in a trap is no stop of an exploration
};

/// What keeps `subject`, which runs `protocol`, from being explored.
Obstacle obstacle(Subject& subject, const tp::Protocol& protocol);

struct Exploration {
  std::string label;  ///< as of the plan
  Bounds bounds;      ///< what was asked for
  Explored explored;
  std::string not_run;  ///< why it was not begun; empty: it was begun

  bool ran() const { return not_run.empty(); }

  /// What is known to be free of violations: `bounds`, or as many operations as came to an end. Nothing if not even
  /// one operation did, or if it was not run.
  std::optional<Bounds> covered() const;
};

/// Explores `plan`. `goes_on` is told now and then how far it is; false ends it.
Exploration explore_plan(Subject& subject, const ExplorationPlan& plan,
                         const std::function<bool(const Explored&)>& goes_on);

}  // namespace tpfuzz
