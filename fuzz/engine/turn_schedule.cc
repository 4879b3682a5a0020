#include "fuzz/engine/turn_schedule.h"

#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

PointSet TurnSchedule::start(const Sequence& sequence, const Conditions& conditions) {
  sequence_ = &sequence;
  conditions_ = &conditions;
  cpus_.start();
  turn_ = 0;
  progress_ = {};
  stops_ = 0;
  for (const Turn& turn : turns_)
    if (turn.until) stops_ |= bit(*turn.until);
  return stops_;
}

PointSet TurnSchedule::begins(int cpu, const Operation*) {
  Progress& its = progress_[index(cpu)];
  its = {its.operation + 1, {}};
  return stops_;
}

// Whether the turn that is being taken ends at this passing of `point`.
bool TurnSchedule::comes_to(int cpu, tp::Point point) {
  Progress& its = progress_[index(cpu)];
  const int passing = ++its.passed[static_cast<std::size_t>(point)];
  if (turn_ > turns_.size()) return false;
  const Turn& turn = turns_[turn_ - 1];
  return turn.cpu.number() == cpu && turn.operation == its.operation && turn.until == point && turn.nth == passing &&
         turn.parked;
}

bool TurnSchedule::stops_at(int cpu, tp::Point point) {
  if (!comes_to(cpu, point)) return false;
  cpus_.stop(cpu, {});
  return true;
}

bool TurnSchedule::waits(int cpu, const Wait& wait) {
  cpus_.stop(cpu, wait);
  return comes_to(cpu, tp::Point::waiting);
}

std::optional<TurnSchedule::Next> TurnSchedule::take(const Turn& turn) {
  const int cpu = turn.cpu.number();
  if (cpus_.stopped(cpu)) {
    if (progress_[index(cpu)].operation != turn.operation || !cpus_.wait_over(cpu, *conditions_)) return std::nullopt;
    cpus_.resume(cpu);
    return Next{Next::Kind::resume, cpu, 0};
  }
  if (progress_[index(cpu)].operation + 1 != turn.operation) return std::nullopt;
  if (cpu == kWorkerCpu && !conditions_->worker_wanted()) return std::nullopt;
  cpus_.begin(cpu);
  if (cpu == kWorkerCpu) return Next{Next::Kind::worker, cpu, 0};
  return Next{Next::Kind::start, cpu, static_cast<int>(turn.line - sequence_->operations.data())};
}

TurnSchedule::Next TurnSchedule::next() {
  while (turn_ < turns_.size())
    if (const auto next = take(turns_[turn_++])) return *next;
  turn_ = turns_.size() + 1;  // no turn is being taken
  const auto can_go_on = [this](int cpu) { return cpus_.wait_over(cpu, *conditions_); };
  if (const auto cpu = cpus_.first_stopped(can_go_on)) {
    cpus_.resume(*cpu);
    return {Next::Kind::resume, *cpu, 0};
  }
  if (const auto cpu = cpus_.first_stopped([](int) { return true; })) return {Next::Kind::stuck, *cpu, 0};
  return {};
}

}  // namespace tpfuzz
