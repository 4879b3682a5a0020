// What a subject asks of the engine: the Host's calls, each on the CPU that runs.
#include <cerrno>

#include "fuzz/engine/clear_stack.h"
#include "fuzz/engine/scheduled_engine.h"
#include "fuzz/engine/scratch_registers.h"
#include "fuzz/engine/steps.h"
#include "fuzz/sequence/cpu.h"

namespace tpfuzz {

// A call that a loop can make again and again.
void ScheduledEngine::step() {
  if (point_log.steps == 0) [[unlikely]]
    endless();
  --point_log.steps;
}

// What the running CPU's next points look like in the log.
void ScheduledEngine::stamp() {
  point_log.stamp = event(Event::Kind::passed);
  point_log.stamp.func = static_cast<std::uint8_t>(current().domain);
  point_log.stamp.data = static_cast<std::uint8_t>(current().works_on);
}

void ScheduledEngine::point(tp::Point point) {
  step();
  if (point == tp::Point::dispatched) current().dispatched = true;
  Event passed = point_log.stamp;
  passed.point = point;
  const bool shows = point == tp::Point::unlocked || observer_looks_on_;
  if (!shows) note(passed);
  const bool may_stop = (stops_[static_cast<std::size_t>(running_)] & bit(point)) != 0;
  if (shows || may_stop) {
    const HarnessScope scope(*this);
    if (shows) emit(passed);
    if (may_stop && scheduler_.stops_at(running_, point)) park(point);
  }
  if (point == tp::Point::loaded) check(SiteKind::call);
}

// No event tells of an access at which nobody is delayed: a trace without such delays is the same as if there were no
// accesses.
void ScheduledEngine::access(tp::Point point) {
  if (!in_subject_ || (stops_[static_cast<std::size_t>(running_)] & bit(point)) == 0) return;
  {
    const HarnessScope scope(*this);
    if (!scheduler_.stops_at(running_, point)) return;
    park(point);
  }
  // In a trap: the reader may be sent back to the site, which others have changed meanwhile.
  if (is_reader(running_) && (tp::row(point).touches & tp::touched::trap) != 0) check(current().site);
}

void ScheduledEngine::park(tp::Point point) {
  Event parked = point_log.stamp;
  parked.kind = Event::Kind::parked;
  parked.point = point;
  emit(parked);
  suspend();
}

// docs/sequences.md, rule 6: the CPU passes `waiting` and stops until the wait is over and its park there has run out.
void ScheduledEngine::wait_until_over(const Wait& wait) {
  if (const QuietScope quiet(*this); over(running_, wait)) return;
  const HarnessScope scope(*this);
  Event waits = point_log.stamp;
  waits.point = tp::Point::waiting;
  waits.func = static_cast<std::uint8_t>(wait.grace_period.domain);
  emit(waits);
  const bool parked = scheduler_.waits(running_, wait);
  waits.kind = parked ? Event::Kind::parked : Event::Kind::waits;
  emit(waits);
  suspend();
}

// The reader runs into a patched instruction next.
void ScheduledEngine::check(SiteKind kind) {
  if (inspector_ == nullptr) return;
  CpuRun& run = current();
  run.site = kind;
  const int site = run.nested ? 0 : run.line->site;
  bool intact = false;
  {
    const QuietScope quiet(*this);
    intact = inspector_->site_is_intact(run.tracepoint(), site, kind);
  }
  if (!intact) [[unlikely]] {
    const HarnessScope scope(*this);
    emit(event(Event::Kind::torn));
  }
  if (driven_) {  // the check asks less of what it has asked before
    clear_stack_below();
    clear_scratch_registers();
  }
}

void ScheduledEngine::comes_to(SiteKind patched) { check(patched); }

void ScheduledEngine::works_on(int tracepoint) {
  if (!current().is_batch()) return;
  current().works_on = tracepoint;
  stamp();
}

void ScheduledEngine::lock(int mutex) {
  step();
  wait_until_over({Wait::Kind::mutex, {}, mutex});
  auto& holder = holders_[static_cast<std::size_t>(mutex)];
  tp::acquired(&holder);
  holder = running_;
}

void ScheduledEngine::unlock(int mutex) {
  auto& holder = holders_[static_cast<std::size_t>(mutex)];
  tp::released(&holder);
  holder.reset();
}

void ScheduledEngine::read_lock(int domain) {
  step();
  grace_periods_.enter(reader_of(running_), domain);
  if (domain == kTraps) return;  // no section of the hit: its points bear the domain of its readers
  current().domain = domain;
  stamp();
}

void ScheduledEngine::read_unlock(int domain) {
  const HarnessScope scope(*this);
  // What a reader did happens before the end of a grace period that waited for it, and before what it held is freed.
  tp::released(&grace_periods_);
  grace_periods_.leave(reader_of(running_), domain);
}

void ScheduledEngine::synchronize(int domain) {
  step();
  wait_for(grace_periods_.begin_synchronize(running_, domain));
}

GracePeriod ScheduledEngine::snapshot(int domain) {
  step();
  return grace_periods_.snapshot(domain);
}

void ScheduledEngine::await(const GracePeriod& cookie) {
  step();
  if (grace_periods_.begin_await(running_, cookie)) {
    const HarnessScope scope(*this);
    scheduler_.waits_in_silence(running_, {Wait::Kind::grace_period, cookie});
    suspend();
  }
  wait_for(cookie);
}

void ScheduledEngine::wait_for(const GracePeriod& grace_period) {
  wait_until_over({Wait::Kind::grace_period, grace_period});
  tp::acquired(&grace_periods_);
  if (const QuietScope quiet(*this); grace_periods_.has_passed(grace_period)) [[likely]]
    return;
  const HarnessScope scope(*this);
  emit(event(Event::Kind::unwaited));
}

// As far as the model knows: that is the earliest moment at which it may be so.
bool ScheduledEngine::has_passed(const GracePeriod& cookie) {
  if (!grace_periods_.model().over(cookie)) return false;
  tp::acquired(&grace_periods_);
  return true;
}

void ScheduledEngine::await_worker() { wait_until_over({Wait::Kind::worker, {}}); }

void ScheduledEngine::text_changed() { carrier_.text_changed(); }

void ScheduledEngine::patching(PatchMoment moment) {
  if (inspector_ != nullptr && current().line != nullptr) {
    bool ordered = false;
    {
      const QuietScope quiet(*this);
      ordered = inspector_->in_order(current().tracepoint(), moment);
    }
    if (!ordered) [[unlikely]] {
      const HarnessScope scope(*this);
      Event disorder = event(Event::Kind::disorder);
      disorder.data = point_log.stamp.data;
      emit(disorder);
    }
  }
  if (moment == PatchMoment::barrier) text_changed();
}

Block* ScheduledEngine::allocate(std::size_t size) {
  step();
  if (current().next_allocation_fails()) return nullptr;
  in_subject_ = false;  // but judged by ThreadSanitizer as the subject's: it will write there
  Block* const block = heap_.allocate(size);
  in_subject_ = true;
  return block;
}

void ScheduledEngine::defer_free(Block* block, std::span<const GracePeriod> grace_periods) {
  const HarnessScope scope(*this);
  tp::released(&heap_);
  heap_.defer_free(block, grace_periods);
}

void ScheduledEngine::call(int func, int data) {
  const HarnessScope scope(*this);
  Event called = event(Event::Kind::called);
  called.func = static_cast<std::uint8_t>(func);
  called.data = static_cast<std::uint8_t>(data);
  emit(called);
}

void ScheduledEngine::late() {
  const HarnessScope scope(*this);
  emit(event(Event::Kind::late));
}

void ScheduledEngine::hit_nested() {
  CpuRun& run = current();
  step();
  CpuRun::Outer outer;
  {
    const HarnessScope scope(*this);
    outer = run.begin_nested();
    Event nested = event(Event::Kind::nested);
    nested.data = *run.line->nested;
    emit(nested);
  }
  check(SiteKind::key);
  subject_.hit(*run.line->nested, 0);
  {
    const HarnessScope scope(*this);
    emit(event(Event::Kind::unnested));
    run.end_nested(outer);
    stamp();
  }
}

CurrentHit ScheduledEngine::hit() const { return current().hit(running_); }

void ScheduledEngine::wrong_argument(int argument, int got) {
  const HarnessScope scope(*this);
  Event wrong = event(Event::Kind::wrong_argument);
  wrong.data = static_cast<std::uint8_t>(argument);
  wrong.result = static_cast<std::int16_t>(got);
  emit(wrong);
}

void ScheduledEngine::warned(int warning) {
  const HarnessScope scope(*this);
  Event warned = event(Event::Kind::warned);
  warned.data = static_cast<std::uint8_t>(warning);
  emit(warned);
}

int ScheduledEngine::hook(bool on) {
  const HarnessScope scope(*this);
  Event hooked = event(Event::Kind::hooked);
  hooked.func = on ? 1 : 0;
  const bool locked = holders_[kRegistrations] == running_;
  hooked.data = static_cast<std::uint8_t>((locked ? 0 : 1) | current().works_on << 1);
  hooked.result = static_cast<std::int16_t>(current().hook_result(on));
  emit(hooked);
  return hooked.result;
}

bool ScheduledEngine::over(int cpu, const Wait& wait) const {
  switch (wait.kind) {
    case Wait::Kind::nothing:
      return true;
    case Wait::Kind::grace_period:
      return grace_periods_.over(cpu, wait.grace_period);
    case Wait::Kind::mutex:
      return !holders_[static_cast<std::size_t>(wait.mutex)];
    case Wait::Kind::worker:
      break;
  }
  return !worker_wanted();
}

bool ScheduledEngine::worker_wanted() const { return worker_ != nullptr && worker_->worker_outstanding(); }

}  // namespace tpfuzz
