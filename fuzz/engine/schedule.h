// Which CPU goes next: rules 1 to 9 of DESIGN.md section 5, without anything that runs. The engine says what a CPU did;
// at each stop `next` says who goes on. Decided by the sequence alone.
//
// A line is an operation of the sequence that starts something: all but k0's.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "fuzz/subject/host.h"

namespace tpfuzz {

/// What a CPU can wait for.
struct Wait {
  enum class Kind : std::uint8_t { nothing, grace_period, mutex, worker };
  Kind kind = Kind::nothing;
  GracePeriod grace_period{};
};

/// Answers for the world at the moment of a stop.
class Conditions {
 public:
  virtual ~Conditions() = default;
  virtual bool over(int cpu, const Wait& wait) const = 0;  ///< which `cpu` waits for
  virtual bool worker_wanted() const = 0;
};

class Schedule {
 public:
  explicit Schedule(const Conditions& conditions) : conditions_(conditions) {}

  /// Begins at the first line of `sequence`, which must outlive the execution.
  void start(const Sequence& sequence);

  /// The running CPU stops at a park for `events` events (rule 4), at `waiting` also until `wait` is over (rule 6).
  void park(int cpu, unsigned events, const Wait& wait = {});

  /// The running CPU stops until `wait` is over.
  void wait(int cpu, const Wait& wait);

  /// Ends the park at which `cpu` is stopped, if there are events that it would still have waited for; tells whether.
  bool end_park(int cpu);

  /// Whether `cpu`, if both may go on, goes on before `other`. Both are stopped.
  bool stopped_before(int cpu, int other) const;

  /// The running CPU has completed its operation.
  void complete(int cpu);

  /// Whether no CPU is in the middle of an operation.
  bool idle() const { return busy_ == 0; }

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
    int operation = 0;
  };

  /// Rule 9.
  Next next();

 private:
  struct State {
    enum class Kind : std::uint8_t { idle, running, stopped };
    Kind kind = Kind::idle;
    bool parked = false;
    unsigned resumes_at = 0;       // parked: the event count
    std::uint64_t stopped_as = 0;  // in which order CPUs stopped
    Wait wait;
  };

  State& state(int cpu) { return cpus_[static_cast<std::size_t>(cpu)]; }
  void stop(int cpu, const Wait& wait);
  bool wait_over(int cpu) const;
  template <class Ready>
  std::optional<int> first_stopped(Ready ready) const;
  std::optional<Next> next_line();
  Next resume(int cpu);
  void start(int cpu);

  const Conditions& conditions_;
  const Sequence* sequence_ = nullptr;
  std::array<State, kMaxCpus> cpus_;
  int stopped_ = 0;  // how many CPUs are
  int busy_ = 0;     // how many CPUs are not idle
  std::size_t line_ = 0;
  unsigned events_ = 0;
  std::uint64_t stops_ = 0;
};

}  // namespace tpfuzz
