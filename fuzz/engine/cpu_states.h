// What a scheduler knows of each CPU: whether it is idle, runs or is stopped, since when, and what it waits for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "fuzz/base/check.h"
#include "fuzz/engine/scheduler.h"

namespace tpfuzz {

class CpuStates {
 public:
  /// All are idle.
  void start() {
    for (State& its : cpus_) its.kind = Kind::idle;
    stopped_ = busy_ = 0;
    stops_ = 0;
  }

  bool all_idle() const { return busy_ == 0; }
  bool idle(int cpu) const { return state(cpu).kind == Kind::idle; }
  bool stopped(int cpu) const { return state(cpu).kind == Kind::stopped; }

  /// An idle CPU starts an operation; the running one stops, or completes; a stopped one goes on.
  void begin(int cpu) {
    TPFUZZ_CHECK(idle(cpu));
    state(cpu).kind = Kind::running;
    ++busy_;
  }
  void stop(int cpu, const Wait& wait) {
    State& its = state(cpu);
    TPFUZZ_CHECK(its.kind == Kind::running);
    its.kind = Kind::stopped;
    its.stopped_as = stops_++;
    its.wait = wait;
    ++stopped_;
  }
  void complete(int cpu) {
    TPFUZZ_CHECK(state(cpu).kind == Kind::running);
    state(cpu).kind = Kind::idle;
    --busy_;
  }
  void resume(int cpu) {
    TPFUZZ_CHECK(stopped(cpu) && stopped_ > 0);
    state(cpu).kind = Kind::running;
    --stopped_;
  }

  /// What the stopped `cpu` waits for.
  const Wait& wait(int cpu) const { return state(cpu).wait; }

  /// Whether what the stopped `cpu` waits for is over, if it waits.
  bool wait_over(int cpu, const Conditions& conditions) const {
    const Wait& wait = state(cpu).wait;
    return wait.kind == Wait::Kind::nothing || conditions.over(cpu, wait);
  }

  /// Both are stopped: whether `cpu` stopped first.
  bool stopped_before(int cpu, int other) const { return state(cpu).stopped_as < state(other).stopped_as; }

  /// Of the stopped CPUs that are `ready(cpu)`, the one that stopped first.
  template <class Ready>
  std::optional<int> first_stopped(Ready ready) const {
    std::optional<int> first;
    if (stopped_ == 0) return first;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu)
      if (stopped(cpu) && ready(cpu) && (!first || stopped_before(cpu, *first))) first = cpu;
    return first;
  }

 private:
  enum class Kind : std::uint8_t { idle, running, stopped };
  struct State {
    Kind kind = Kind::idle;
    std::uint64_t stopped_as = 0;  // in which order CPUs stopped
    Wait wait;
  };

  State& state(int cpu) { return cpus_[static_cast<std::size_t>(cpu)]; }
  const State& state(int cpu) const { return cpus_[static_cast<std::size_t>(cpu)]; }

  std::array<State, kMaxCpus> cpus_;
  int stopped_ = 0;  // how many CPUs are
  int busy_ = 0;     // how many CPUs are not idle
  std::uint64_t stops_ = 0;
};

}  // namespace tpfuzz
