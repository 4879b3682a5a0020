// An explicit list of turns as a schedule. The parks of the text mean nothing.
//
// A turn whose CPU can't go on is left out; a turn that does not come to its place ends where its CPU stops or has
// completed. After the last turn every CPU that is stopped goes on, the one that stopped first at first, and nothing
// starts.
#pragma once

#include <vector>

#include "fuzz/engine/cpu_states.h"
#include "fuzz/engine/turns.h"

namespace tpfuzz {

class TurnSchedule final : public Scheduler {
 public:
  /// The next executions take `turns`.
  void follow(std::vector<Turn> turns) { turns_ = std::move(turns); }

  PointSet start(const Sequence& sequence, const Conditions& conditions) override;
  PointSet begins(int cpu, const Operation* line) override;
  bool stops_at(int cpu, tp::Point point) override;
  bool waits(int cpu, const Wait& wait) override;
  void waits_in_silence(int cpu, const Wait& wait) override { cpus_.stop(cpu, wait); }
  void completes(int cpu) override { cpus_.complete(cpu); }
  bool idle() const override { return cpus_.all_idle(); }
  Next next() override;
  bool end_park(int) override { return false; }
  bool goes_before(int cpu, int other) const override { return cpus_.stopped_before(cpu, other); }

 private:
  struct Progress {
    int operation = 0;  // which of this CPU's, from 1
    std::array<int, tp::kPoints> passed{};
  };

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  bool comes_to(int cpu, tp::Point point);
  std::optional<Next> take(const Turn& turn);

  std::vector<Turn> turns_;
  std::size_t turn_ = 0;  // the next one; the one before is being taken
  const Sequence* sequence_ = nullptr;
  const Conditions* conditions_ = nullptr;
  PointSet stops_ = 0;  // where any turn ends
  CpuStates cpus_;
  std::array<Progress, kMaxCpus> progress_{};
};

}  // namespace tpfuzz
