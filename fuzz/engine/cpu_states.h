// What a scheduler knows of each CPU: whether it is idle, runs or is stopped, since when, and what it waits for.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "fuzz/base/check.h"
#include "fuzz/base/saved_bytes.h"
#include "fuzz/engine/scheduler.h"

namespace tpfuzz {

class CpuStates {
 public:
  /// All are idle.
  void start() { values_ = {}; }

  bool all_idle() const { return values_.busy == 0; }
  bool idle(int cpu) const { return kind(cpu) == Kind::idle; }
  bool stopped(int cpu) const { return kind(cpu) == Kind::stopped; }

  /// An idle CPU starts an operation; the running one stops, or completes; a stopped one goes on.
  void begin(int cpu) {
    TPFUZZ_CHECK(idle(cpu));
    kind(cpu) = Kind::running;
    ++values_.busy;
  }
  void stop(int cpu, const Wait& wait) {
    TPFUZZ_CHECK(kind(cpu) == Kind::running);
    kind(cpu) = Kind::stopped;
    stop_of(cpu) = {values_.stops++, wait};
    ++values_.stopped;
  }
  void complete(int cpu) {
    TPFUZZ_CHECK(kind(cpu) == Kind::running);
    kind(cpu) = Kind::idle;
    --values_.busy;
  }
  void resume(int cpu) {
    TPFUZZ_CHECK(stopped(cpu) && values_.stopped > 0);
    kind(cpu) = Kind::running;
    --values_.stopped;
  }

  /// What the stopped `cpu` waits for.
  const Wait& wait(int cpu) const { return stop_of(cpu).wait; }

  /// Whether what the stopped `cpu` waits for is over, if it waits.
  bool wait_over(int cpu, const Conditions& conditions) const {
    const Wait& wait = stop_of(cpu).wait;
    return wait.kind == Wait::Kind::nothing || conditions.over(cpu, wait);
  }

  /// Both are stopped: whether `cpu` stopped first.
  bool stopped_before(int cpu, int other) const { return stop_of(cpu).number < stop_of(other).number; }

  /// Of the stopped CPUs that are `ready(cpu)`, the one that stopped first.
  template <class Ready>
  std::optional<int> first_stopped(Ready ready) const {
    std::optional<int> first;
    if (values_.stopped == 0) return first;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu)
      if (stopped(cpu) && ready(cpu) && (!first || stopped_before(cpu, *first))) first = cpu;
    return first;
  }

  /// Writes all that can still be asked for, and puts it back.
  void save(SavedBytes& out) const {
    out.put(values_);
    for (int cpu = 0; cpu < kMaxCpus; ++cpu)
      if (stopped(cpu)) out.put(stop_of(cpu));
  }
  void restore(SavedReader& in) {
    in.take_into(values_);
    for (int cpu = 0; cpu < kMaxCpus; ++cpu)
      if (stopped(cpu)) in.take_into(stop_of(cpu));
  }

 private:
  enum class Kind : std::uint8_t { idle, running, stopped };
  struct Values {
    std::array<Kind, kMaxCpus> kinds{};
    int stopped = 0;  // how many CPUs are
    int busy = 0;     // how many CPUs are not idle
    std::uint64_t stops = 0;
  };
  struct Stop {
    std::uint64_t number = 0;  // in the order in which CPUs stopped
    Wait wait;
  };

  Kind& kind(int cpu) { return values_.kinds[static_cast<std::size_t>(cpu)]; }
  Kind kind(int cpu) const { return values_.kinds[static_cast<std::size_t>(cpu)]; }
  Stop& stop_of(int cpu) { return stops_[static_cast<std::size_t>(cpu)]; }
  const Stop& stop_of(int cpu) const { return stops_[static_cast<std::size_t>(cpu)]; }

  Values values_;
  std::array<Stop, kMaxCpus> stops_;  // of each CPU the last
};

}  // namespace tpfuzz
