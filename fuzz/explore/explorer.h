// Exhaustive exploration: every schedule of every sequence within bounds, or of one sequence, on the real code. The
// engine is driven from outside (engine/stepper.h): at each point any CPU may go on, or begin an operation.
//
// States are remembered, and a state that was met before is not explored again. What this relies on:
//
//   - A digest has what a CPU knows, as each word of its live stack (engine/execution_digest.h), what the subject and
//     the harness keep, and what the oracle may still hold against the execution (oracle/history.h). Digests have 128
//     bits: that two different states have the same one is not to be expected.
//   - A state that is permitted more than one met before is not explored either (visited.h).
//   - Which transition a violation is blamed on is no part of a digest. So the verdict of a counterexample is one that
//     the execution deserves, and another path to the same state may deserve another blame.
//   - At most as many operations are begun as a sequence can hold: where sequences of any length meet new states even
//     then, the exploration is not complete.
//   - Accesses to shared words are no stops, but for those that are points of their own.
//
// States are explored in layers, by the operations that writers have begun: so a counterexample has as few of these as
// there can be. In a layer states are taken in rounds, the steps of which several processes may share (helpers.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "fuzz/engine/stepper.h"
#include "fuzz/execute.h"
#include "fuzz/explore/bounds.h"
#include "fuzz/explore/checkpoint.h"
#include "fuzz/explore/executions.h"
#include "fuzz/oracle/verdict.h"

namespace tpfuzz {

/// The points after what another CPU can see: without those before a step, `called`, and `tailed`, which is behind an
/// int3. Enough for what a protocol file says; a mistake in code may need all points.
inline constexpr PointSet kVisiblePoints = [] {
  PointSet points = Stepper::kNamedPoints & ~(bit(tp::Point::called) | bit(tp::Point::tailed));
  for (int i = 0; i < tp::kPoints; ++i)
    if (tp::is_before(static_cast<tp::Point>(i))) points &= ~bit(static_cast<tp::Point>(i));
  return points;
}();

struct Explored {
  std::uint64_t states = 0;    ///< different ones that were met
  std::uint64_t steps = 0;     ///< from one stop to the next
  std::uint64_t bytes = 0;     ///< of memory, about
  int operations = 0;          ///< of writers, that are begun where it is
  std::uint64_t compared = 0;  ///< states that were met again, if it checks itself
  std::uint64_t unlike = 0;    ///< of these: those on which something else follows than did then
  bool complete = false;       ///< nothing is left to explore
  bool broken = false;         ///< an execution broke an invariant: the last one
  bool strayed = false;        ///< the checkpoint leads to something else here: it is of another exploration
  /// That execution as a sequence; nothing if it is longer than a sequence can be.
  std::optional<Sequence> counterexample;
};

struct ExploreOptions {
  /// Only this violation counts; what ends in another one has ended.
  std::optional<Invariant> only{};
  /// Where a CPU may stop, besides where it waits.
  PointSet stops = Stepper::kNamedPoints;
  /// Whether states are remembered. Without it each schedule is an execution of its own.
  bool remembers = true;
  /// Whether all that can follow on a state that was met before is compared with what followed on it then. Takes a few
  /// times as long.
  bool checks_itself = false;
  /// What the digests leave out: for a test of that check.
  std::optional<DigestPart> without{};
  /// Gets all steps: 12 bytes each. Not of an exploration that goes on from a checkpoint.
  Executions* executions = nullptr;
  /// How many processes take steps: this one, and others that are forked. It changes no result. One if it checks
  /// itself.
  int jobs = 1;
  /// Told of now and then; false stops the exploration.
  std::function<bool(const Explored&)> progress{};
  /// Whether a checkpoint is wanted: asked each time after `progress`, also when that has stopped the exploration.
  std::function<bool()> wants_checkpoint{};
  /// Gets it.
  std::function<void(const Checkpoint&)> keep{};
  /// Goes on from this checkpoint of an exploration with the same arguments, and ends as that would have. Outlives the
  /// call. Not if it checks itself.
  const Checkpoint* from = nullptr;
};

/// Explores `subject`, of which nothing is registered, and which has all that `bounds` ask for. If
/// ScheduledEngine::kCanSave, of a subject that has a memory. One engine at a time in a process. Equal arguments give
/// equal results.
Explored explore(Subject& subject, const Bounds& bounds, const ExploreOptions& options = {});

/// The same of every schedule of `sequence`, which is valid, without what the subject lacks (engine/perform.h): each
/// CPU begins its lines in their order. Parks mean nothing.
Explored explore(Subject& subject, const Sequence& sequence, const ExploreOptions& options = {});

}  // namespace tpfuzz
