#include "fuzz/engine/schedule.h"

#include <algorithm>

#include "fuzz/base/check.h"

namespace tpfuzz {
namespace {

constexpr int kWorker = kMaxCpus - 1;

}  // namespace

void Schedule::start(const Sequence& sequence) {
  sequence_ = &sequence;
  cpus_ = {};
  stopped_ = busy_ = 0;
  line_ = 0;
  events_ = 0;
  stops_ = 0;
}

void Schedule::stop(int cpu, const Wait& wait) {
  State& stopped = state(cpu);
  TPFUZZ_CHECK(stopped.kind == State::Kind::running);
  stopped.kind = State::Kind::stopped;
  stopped.stopped_as = stops_++;
  stopped.wait = wait;
  stopped.parked = false;
  ++stopped_;
}

void Schedule::park(int cpu, unsigned events, const Wait& wait) {
  stop(cpu, wait);
  ++events_;  // rule 3: its own park is an event, and (rule 4) does not count for itself
  state(cpu).parked = true;
  state(cpu).resumes_at = events_ + events;
}

void Schedule::wait(int cpu, const Wait& wait) { stop(cpu, wait); }

void Schedule::complete(int cpu) {
  TPFUZZ_CHECK(state(cpu).kind == State::Kind::running);
  ++events_;
  state(cpu).kind = State::Kind::idle;
  --busy_;
}

bool Schedule::end_park(int cpu) {
  State& its = state(cpu);
  const bool ends = its.kind == State::Kind::stopped && its.parked && events_ < its.resumes_at;
  if (ends) its.parked = false;
  return ends;
}

bool Schedule::stopped_before(int cpu, int other) const {
  return cpus_[static_cast<std::size_t>(cpu)].stopped_as < cpus_[static_cast<std::size_t>(other)].stopped_as;
}

bool Schedule::wait_over(int cpu) const {
  const Wait& wait = cpus_[static_cast<std::size_t>(cpu)].wait;
  return wait.kind == Wait::Kind::nothing || conditions_.over(cpu, wait);
}

template <class Ready>
std::optional<int> Schedule::first_stopped(Ready ready) const {
  std::optional<int> first;
  if (stopped_ == 0) return first;
  for (int cpu = 0; cpu < kMaxCpus; ++cpu) {
    const State& candidate = cpus_[static_cast<std::size_t>(cpu)];
    if (candidate.kind != State::Kind::stopped || !ready(cpu)) continue;
    if (!first || candidate.stopped_as < cpus_[static_cast<std::size_t>(*first)].stopped_as) first = cpu;
  }
  return first;
}

Schedule::Next Schedule::resume(int cpu) {
  TPFUZZ_CHECK(state(cpu).kind == State::Kind::stopped && stopped_ > 0);
  state(cpu).kind = State::Kind::running;
  --stopped_;
  return {Next::Kind::resume, cpu, 0};
}

void Schedule::start(int cpu) {
  TPFUZZ_CHECK(state(cpu).kind == State::Kind::idle);
  state(cpu).kind = State::Kind::running;
  ++busy_;
}

// Rule 1: lines start in their order, each when its CPU is idle.
std::optional<Schedule::Next> Schedule::next_line() {
  const auto& operations = sequence_->operations;
  while (line_ < operations.size() && operations[line_].cpu.kind == Cpu::Kind::worker) ++line_;
  if (line_ == operations.size()) return std::nullopt;
  const int cpu = operations[line_].cpu.number();
  if (state(cpu).kind != State::Kind::idle) return std::nullopt;
  start(cpu);
  return Next{Next::Kind::start, cpu, static_cast<int>(line_++)};
}

Schedule::Next Schedule::next() {
  const auto ran_out = [this](int cpu) {
    return (!state(cpu).parked || events_ >= state(cpu).resumes_at) && wait_over(cpu);
  };
  if (const auto cpu = first_stopped(ran_out)) return resume(*cpu);
  if (state(kWorker).kind == State::Kind::idle && conditions_.worker_wanted()) {
    start(kWorker);
    return {Next::Kind::worker, kWorker, 0};
  }
  if (const auto line = next_line()) return *line;
  const auto can_end_early = [this](int cpu) { return state(cpu).parked && wait_over(cpu); };
  if (const auto cpu = first_stopped(can_end_early)) return resume(*cpu);
  if (const auto cpu = first_stopped([](int) { return true; })) return {Next::Kind::stuck, *cpu, 0};
  return {};
}

}  // namespace tpfuzz
