// A scheduler decides where a CPU stops, and which CPU goes next. An engine (scheduled_engine.h) asks a scheduler and
// carries the answers out; a scheduler runs nothing itself.
//
// The engine calls in this order: `start`; then `next` at each stop. Between two calls of `next` one CPU runs: the
// engine calls `begins` if the CPU starts an operation, `stops_at` at the points that `begins` named, `waits` where a
// wait can't end at once, and `completes` at the operation's end. After `stops_at` has returned true, and after
// `waits`, the CPU is stopped. Not thread-safe: one CPU runs at a time.
//
// What a scheduler decides must depend on the sequence and on the calls alone, so that a run can be repeated.
#pragma once

#include <cstdint>

#include "fuzz/subject/host.h"
#include "fuzz/subject/point_log.h"

namespace tpfuzz {

/// What a CPU can wait for.
struct Wait {
  enum class Kind : std::uint8_t { nothing, grace_period, mutex, worker };
  Kind kind = Kind::nothing;
  GracePeriod grace_period{};
  int mutex = 0;  ///< which one
};

/// Answers for the world at the moment of a stop.
class Conditions {
 public:
  virtual ~Conditions() = default;
  virtual bool over(int cpu, const Wait& wait) const = 0;  ///< Whether `wait`, of `cpu`, has ended.
  virtual bool worker_wanted() const = 0;                  ///< Whether k0 has something to do.
};

class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// Begins an execution of `sequence`. Both arguments outlive the execution. Returns the points at which a CPU may
  /// stop during this execution.
  virtual PointSet start(const Sequence& sequence, const Conditions& conditions) = 0;

  /// `cpu` starts an operation, of which `line` tells; nullptr for a run of k0 without a line. Returns the points at
  /// which `stops_at` wants to be asked.
  virtual PointSet begins(int cpu, const Operation* line) = 0;

  /// `cpu` has come to `point`, which `begins` named. Returns whether the CPU stops there.
  virtual bool stops_at(int cpu, tp::Point point) = 0;

  /// `cpu` has to wait, and stops. Returns whether the CPU is parked at `waiting`, too.
  virtual bool waits(int cpu, const Wait& wait) = 0;

  /// `cpu` stops until `wait` is over. No park applies and no event tells of this wait: liburcu needs longer than the
  /// model.
  virtual void waits_in_silence(int cpu, const Wait& wait) = 0;

  /// `cpu` has completed its operation.
  virtual void completes(int cpu) = 0;

  /// Whether no CPU is in the middle of an operation.
  virtual bool idle() const = 0;

  struct Next {
    enum class Kind : std::uint8_t {
      resume,  ///< `cpu` goes on
      start,   ///< `cpu` starts `operation`
      worker,  ///< k0 starts a run
      ended,   ///< everything has completed
      stuck,   ///< `cpu` waits for nobody
    };
    Kind kind = Kind::ended;
    int cpu = 0;
    int operation = 0;  ///< index in the sequence
  };

  /// Decides, at a stop, who goes next.
  virtual Next next() = 0;

  /// Ends the park at which `cpu` is stopped: liburcu waits for this reader. Returns whether the park would have lasted
  /// longer.
  virtual bool end_park(int cpu) = 0;

  /// Whether `cpu` goes on before `other`, if both may. Both are stopped.
  virtual bool goes_before(int cpu, int other) const = 0;
};

}  // namespace tpfuzz
