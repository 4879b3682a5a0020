// An execution that is driven from outside: at each stop the caller says which CPU goes on. For what explores schedules
// instead of playing one.
//
//   Stepper stepper(subject);
//   stepper.start(sequence, observer);
//   while (goes_on && ...) goes_on = stepper.step(cpu, operation);  // a CPU that is `enabled`
//   const Trace& trace = stepper.end();
//
// On fibers, with the model's grace periods. `turns_of` and `as_parks` (turns.h) make a sequence of what was driven, if
// k0 begins before a line does, as rule 9 says (docs/sequences.md).
#pragma once

#include "fuzz/engine/fiber_carrier.h"
#include "fuzz/engine/scheduled_engine.h"
#include "fuzz/engine/stop_schedule.h"

namespace tpfuzz {

class Stepper {
 public:
  /// Every point that a trace tells of.
  static constexpr PointSet kNamedPoints = kEveryPoint & ~kAccessPoints;

  /// Drives `subject`, of which nothing is registered; so each execution leaves it. CPUs stop at the points of `stops`,
  /// and where they have to wait. One engine at a time in a process (scheduled_engine.h).
  explicit Stepper(Subject& subject, PointSet stops = kNamedPoints)
      : memory_(subject.memory()), schedule_(stops), engine_(subject, carrier_, grace_periods_, schedule_) {}

  /// Begins an execution of `sequence`, which is valid; both outlive it. Parks mean nothing.
  void start(const Sequence& sequence, Observer& observer) { engine_.open(sequence, observer); }

  /// Whether `cpu` is in no operation.
  bool idle(int cpu) const { return schedule_.idle(cpu); }

  /// Whether `cpu` can take a step: it is stopped, and what it waits for is over; or it is idle (k0: and has something
  /// to do).
  bool enabled(int cpu) const;

  /// `cpu`, which is `enabled`, goes on until it stops or has completed its operation. If it is idle, it begins
  /// `operation`, an index in the sequence, which is one of its own; k0 begins a run. Returns whether the execution
  /// goes on: false after the observer has ended it.
  bool step(int cpu, int operation = 0);

  /// What has happened until now. Valid until the next step.
  const Trace& trace() { return engine_.until_now(); }

  /// Forgets it, so that it need not be saved.
  void forget_trace() { engine_.forget_trace(); }

  /// Ends the execution: CPUs that are stopped forget what they were doing. The trace is valid until the next `start`.
  const Trace& end() { return engine_.close(); }

  /// Writes the execution that goes on, and puts it back, as often as wanted until `end`: also after a step has ended
  /// the execution. What the observer knows is the observer's to save. If ScheduledEngine::kCanSave.
  void save(SavedBytes& out) const;
  void restore(SavedReader& in);

  /// Gives the subject's memory a fixed room. A process that is forked from now on can put back what this one has
  /// saved, and this one what that process has saved.
  void share_states() { engine_.fix_room(); }

  /// Tells what the execution means: what of it makes a difference to what comes, apart from what the observer knows;
  /// `without` that part.
  ExecutionDigest describe(std::optional<DigestPart> without = {}) const;

 private:
  SubjectMemory* const memory_;  // nullptr: the subject shows none
  FiberCarrier carrier_;
  ModelGracePeriods grace_periods_;
  StopSchedule schedule_;
  ScheduledEngine engine_;
};

}  // namespace tpfuzz
