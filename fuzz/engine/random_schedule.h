// A schedule that is drawn: at each point a CPU may stop, and at each stop any CPU that can go on may go on. The parks
// of the text mean nothing. What it finds, `turns_of` and `as_parks` (turns.h) turn into a sequence.
//
// It is the example of a scheduler, and enough of one to search with.
#pragma once

#include <array>

#include "fuzz/engine/cpu_states.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/random.h"

namespace tpfuzz {

class RandomSchedule final : public Scheduler {
 public:
  /// Draws from `random`, which outlives the schedule: each execution goes on where the one before ended. At a point a
  /// CPU stops once in `rarity` times.
  RandomSchedule(Random& random, int rarity) : random_(random), rarity_(rarity) {}

  PointSet start(const Sequence& sequence, const Conditions& conditions) override {
    sequence_ = &sequence;
    conditions_ = &conditions;
    cpus_.start();
    next_line_ = {};
    return kStops;
  }

  PointSet begins(int cpu, const Operation*) override {
    progress(cpu) = {};
    return kStops;
  }

  // No more often, and no later, than a sequence can say (`as_parks`).
  bool stops_at(int cpu, tp::Point point) override {
    Progress& its = progress(cpu);
    const int passing = ++its.passed[static_cast<std::size_t>(point)];
    if (passing > kMaxNth || its.stops == kMaxParks || !random_.chance(1, rarity_)) return false;
    ++its.stops;
    cpus_.stop(cpu, {});
    return true;
  }

  // Always parked there, if a sequence can say so: else the CPU that stopped first would have to go first.
  bool waits(int cpu, const Wait& wait) override {
    cpus_.stop(cpu, wait);
    Progress& its = progress(cpu);
    const int passing = ++its.passed[static_cast<std::size_t>(tp::Point::waiting)];
    if (passing > kMaxNth || its.stops == kMaxParks) return false;
    ++its.stops;
    return true;
  }
  void waits_in_silence(int cpu, const Wait& wait) override { cpus_.stop(cpu, wait); }
  void completes(int cpu) override { cpus_.complete(cpu); }
  bool idle() const override { return cpus_.all_idle(); }

  // k0 starts before any line does, as rule 9 says (docs/sequences.md).
  Next next() override {
    std::array<Next, 2 * kMaxCpus> choices;
    std::size_t count = 0;
    for (int cpu = 0; cpu < kMaxCpus; ++cpu)
      if (cpus_.stopped(cpu) && cpus_.wait_over(cpu, *conditions_)) choices[count++] = {Next::Kind::resume, cpu, 0};
    if (cpus_.idle(kWorkerCpu) && conditions_->worker_wanted())
      choices[count++] = {Next::Kind::worker, kWorkerCpu, 0};
    else
      for (int cpu = 0; cpu < kWorkerCpu; ++cpu)
        if (const auto line = line_of(cpu); cpus_.idle(cpu) && line)
          choices[count++] = {Next::Kind::start, cpu, static_cast<int>(*line)};
    if (count == 0) {
      const auto stuck = cpus_.first_stopped([](int) { return true; });
      return stuck ? Next{Next::Kind::stuck, *stuck, 0} : Next{};
    }
    const Next chosen = choices[static_cast<std::size_t>(random_.below(static_cast<int>(count)))];
    if (chosen.kind == Next::Kind::resume) {
      cpus_.resume(chosen.cpu);
    } else {
      cpus_.begin(chosen.cpu);
      if (chosen.kind == Next::Kind::start)
        next_line_[index(chosen.cpu)] = static_cast<std::size_t>(chosen.operation) + 1;
    }
    return chosen;
  }

  // Who goes on is drawn anyway, so no stop lasts longer than another.
  bool end_park(int) override { return false; }
  bool goes_before(int, int) const override { return false; }

 private:
  static constexpr PointSet kStops = kEveryPoint & ~kAccessPoints;

  struct Progress {
    std::array<int, tp::kPoints> passed{};
    int stops = 0;
  };

  static std::size_t index(int i) { return static_cast<std::size_t>(i); }
  Progress& progress(int cpu) { return progress_[index(cpu)]; }

  // The next line of `cpu`.
  std::optional<std::size_t> line_of(int cpu) const {
    for (std::size_t line = next_line_[index(cpu)]; line < sequence_->operations.size(); ++line)
      if (sequence_->operations[line].cpu.number() == cpu) return line;
    return std::nullopt;
  }

  Random& random_;
  int rarity_;
  const Sequence* sequence_ = nullptr;
  const Conditions* conditions_ = nullptr;
  CpuStates cpus_;
  std::array<Progress, kMaxCpus> progress_{};
  std::array<std::size_t, kMaxCpus> next_line_{};  // where the search for the next line of a CPU begins
};

}  // namespace tpfuzz
