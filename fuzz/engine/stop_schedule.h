// Every CPU stops wherever it may; who goes on is said by somebody else (stepper.h). The parks of the text mean
// nothing.
#pragma once

#include "fuzz/engine/cpu_states.h"

namespace tpfuzz {

class StopSchedule final : public Scheduler {
 public:
  /// CPUs stop at the points of `stops`, and where they wait.
  explicit StopSchedule(PointSet stops) : stops_(stops) {}

  PointSet start(const Sequence&, const Conditions& conditions) override {
    conditions_ = &conditions;
    cpus_.start();
    return stops_;
  }
  PointSet begins(int, const Operation*) override { return stops_; }
  bool stops_at(int cpu, tp::Point) override {
    cpus_.stop(cpu, {});
    return true;
  }
  bool waits(int cpu, const Wait& wait) override {
    cpus_.stop(cpu, wait);
    return true;
  }
  void waits_in_silence(int cpu, const Wait& wait) override { cpus_.stop(cpu, wait); }
  void completes(int cpu) override { cpus_.complete(cpu); }
  bool idle() const override { return cpus_.all_idle(); }
  Next next() override { return {}; }
  bool end_park(int) override { return false; }
  bool goes_before(int, int) const override { return false; }

  /// Whether `cpu` is in no operation; whether it is stopped and what it waits for is over.
  bool idle(int cpu) const { return cpus_.idle(cpu); }
  bool can_go_on(int cpu) const { return cpus_.stopped(cpu) && cpus_.wait_over(cpu, *conditions_); }

  /// Whether k0 has something to do.
  bool worker_wanted() const { return conditions_->worker_wanted(); }

  /// What the CPUs are doing; to be put back.
  const CpuStates& cpus() const { return cpus_; }
  void save(SavedBytes& out) const { cpus_.save(out); }
  void restore(SavedReader& in) { cpus_.restore(in); }

  /// `cpu` begins an operation, or goes on.
  void begin(int cpu) { cpus_.begin(cpu); }
  void go_on(int cpu) { cpus_.resume(cpu); }

 private:
  const PointSet stops_;
  const Conditions* conditions_ = nullptr;
  CpuStates cpus_;
};

}  // namespace tpfuzz
