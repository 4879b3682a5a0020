// The steps that wait, and what they wait for.
#include <algorithm>

#include "repro/diagram/recorder/recorder.h"

namespace tpfuzz {

// A wait that could end at once is a step only if it is a full grace period: a cookie that nobody waits for explains
// nothing.
void Recorder::pass_wait(const Event& event) {
  CpuState& its = cpu(event);
  const bool for_worker = (tp::row(event.point).touches & tp::touched::worker) != 0;
  const Index awaited = for_worker ? marked_ : unlocked_;
  if (its.waited)
    step(event, Step::Kind::wake, "[ goes on ]", awaited);
  else
    step(event, Step::Kind::other, std::string(tp::row(event.point).kernel), for_worker ? marked_ : Index{}).minor =
        tp::names_cookie(event.point);
  its.waited = false;
}

void Recorder::wait(const Event& event) {
  const tp::Point awaited = awaited_point(event);
  Index after;
  if (tp::names_cookie(awaited))
    after = cookies_.awaited(history_.planned(event).transition, tracepoint_number(event));
  else if (awaited == tp::Point::synchronize)
    after = reader_inside();
  step(event, Step::Kind::wait, std::string(tp::row(awaited).kernel) + "\n[ waits ]", after);
  cpu(event).waited = true;
}

// What a CPU waits at: a step of its protocol, or the mutex before the first one.
tp::Point Recorder::awaited_point(const Event& event) const {
  if (!is_worker(event.cpu) && (is_hit(event) || operation(event).verb == Verb::sync)) return tp::Point::synchronize;
  const tp::Point coming = cpus_[event.cpu].coming;
  return tp::is_before(coming) && tp::waits(tp::step_after(coming)) ? tp::step_after(coming) : tp::Point::begun;
}

Recorder::Index Recorder::reader_inside() const {
  Index first;
  const auto look = [&first](const CpuState& cpu) {
    if (cpu.locked && (!first || *cpu.locked < *first)) first = cpu.locked;
  };
  std::ranges::for_each(cpus_, look);
  for (const auto& outer : outer_)
    if (outer) look(*outer);
  return first;
}

}  // namespace tpfuzz
