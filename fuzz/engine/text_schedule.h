// The schedule that a sequence's text describes: docs/sequences.md, rules 1 to 9. Parks say where a CPU stops, and for
// how many events; the order of the lines says who starts next.
//
// A line is an operation of the sequence that starts something: every operation but those of k0.
#pragma once

#include <array>
#include <optional>

#include "fuzz/engine/cpu_states.h"
#include "fuzz/engine/parks.h"
#include "fuzz/engine/scheduler.h"

namespace tpfuzz {

class TextSchedule final : public Scheduler {
 public:
  PointSet start(const Sequence& sequence, const Conditions& conditions) override;
  PointSet begins(int cpu, const Operation* line) override;
  bool stops_at(int cpu, tp::Point point) override;
  bool waits(int cpu, const Wait& wait) override;
  void waits_in_silence(int cpu, const Wait& wait) override { stop(cpu, wait); }
  void completes(int cpu) override;
  bool idle() const override { return cpus_.all_idle(); }
  Next next() override;
  bool end_park(int cpu) override;
  bool goes_before(int cpu, int other) const override { return cpus_.stopped_before(cpu, other); }

 private:
  struct Delay {
    Parks parks;
    bool parked = false;
    unsigned resumes_at = 0;  // parked: the event count
  };

  Delay& delay(int cpu) { return delays_[static_cast<std::size_t>(cpu)]; }
  void stop(int cpu, const Wait& wait);
  void park(int cpu, unsigned events);
  std::optional<Next> next_line();
  Next resume(int cpu);

  const Conditions* conditions_ = nullptr;
  const Sequence* sequence_ = nullptr;
  CpuStates cpus_;
  std::array<Delay, kMaxCpus> delays_;
  std::size_t line_ = 0;
  unsigned events_ = 0;
};

}  // namespace tpfuzz
