#include "fuzz/engine/text_schedule.h"

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

PointSet TextSchedule::start(const Sequence& sequence, const Conditions& conditions) {
  conditions_ = &conditions;
  sequence_ = &sequence;
  cpus_.start();
  line_ = 0;
  events_ = 0;
  return parked_points(sequence);
}

PointSet TextSchedule::begins(int cpu, const Operation* line) { return delay(cpu).parks.start(line); }

void TextSchedule::stop(int cpu, const Wait& wait) {
  cpus_.stop(cpu, wait);
  delay(cpu).parked = false;
}

void TextSchedule::park(int cpu, unsigned events) {
  ++events_;  // rule 3: its own park is an event, and (rule 4) does not count for itself
  delay(cpu).parked = true;
  delay(cpu).resumes_at = events_ + events;
}

bool TextSchedule::stops_at(int cpu, tp::Point point) {
  const Park* const its = delay(cpu).parks.pass(point);
  if (its == nullptr) return false;
  stop(cpu, {});
  park(cpu, its->events);
  return true;
}

// Rule 6.
bool TextSchedule::waits(int cpu, const Wait& wait) {
  stop(cpu, wait);
  const Park* const its = delay(cpu).parks.pass(tp::Point::waiting);
  if (its != nullptr) park(cpu, its->events);
  return its != nullptr;
}

void TextSchedule::completes(int cpu) {
  cpus_.complete(cpu);
  ++events_;
}

bool TextSchedule::end_park(int cpu) {
  Delay& its = delay(cpu);
  const bool ends = cpus_.stopped(cpu) && its.parked && events_ < its.resumes_at;
  if (ends) its.parked = false;
  return ends;
}

TextSchedule::Next TextSchedule::resume(int cpu) {
  cpus_.resume(cpu);
  return {Next::Kind::resume, cpu, 0};
}

// Rule 1: lines start in their order, each when its CPU is idle.
std::optional<TextSchedule::Next> TextSchedule::next_line() {
  const auto& operations = sequence_->operations;
  while (line_ < operations.size() && operations[line_].cpu.kind == Cpu::Kind::worker) ++line_;
  if (line_ == operations.size()) return std::nullopt;
  const int cpu = operations[line_].cpu.number();
  if (!cpus_.idle(cpu)) return std::nullopt;
  cpus_.begin(cpu);
  return Next{Next::Kind::start, cpu, static_cast<int>(line_++)};
}

TextSchedule::Next TextSchedule::next() {
  const auto wait_over = [this](int cpu) { return cpus_.wait_over(cpu, *conditions_); };
  const auto ran_out = [&](int cpu) {
    return (!delay(cpu).parked || events_ >= delay(cpu).resumes_at) && wait_over(cpu);
  };
  if (const auto cpu = cpus_.first_stopped(ran_out)) return resume(*cpu);
  if (cpus_.idle(kWorkerCpu) && conditions_->worker_wanted()) {
    cpus_.begin(kWorkerCpu);
    return {Next::Kind::worker, kWorkerCpu, 0};
  }
  if (const auto line = next_line()) return *line;
  const auto can_end_early = [&](int cpu) { return delay(cpu).parked && wait_over(cpu); };
  if (const auto cpu = cpus_.first_stopped(can_end_early)) return resume(*cpu);
  if (const auto cpu = cpus_.first_stopped([](int) { return true; })) return {Next::Kind::stuck, *cpu, 0};
  return {};
}

}  // namespace tpfuzz
