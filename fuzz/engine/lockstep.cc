#include "fuzz/engine/lockstep.h"

#include <algorithm>
#include <bitset>
#include <cerrno>
#include <utility>

#include "fuzz/engine/perform.h"
#include "fuzz/engine/serialize.h"
#include "fuzz/engine/steps.h"
#include "fuzz/engine/watchdog.h"

namespace tpfuzz {
namespace {

constexpr int kWorker = kMaxCpus - 1;

// The CPUs that may run: those of the operations, and k0, which the subject may start.
std::bitset<kMaxCpus> cpus_of(const Sequence& sequence) {
  std::bitset<kMaxCpus> cpus;
  cpus.set(kWorker);
  for (const Operation& operation : sequence.operations) cpus.set(static_cast<std::size_t>(operation.cpu.number()));
  return cpus;
}

}  // namespace

Lockstep::Lockstep(Subject& subject) : subject_(subject), schedule_(*this) {
  for (CpuState& cpu : cpus_) cpu.fiber = std::make_unique<Fiber>(&fiber_main, this);
}

Lockstep::~Lockstep() { catch_faults(nullptr); }

const Trace& Lockstep::run(const Sequence& sequence, Observer& observer) {
  const Watched watched;
  tp::ignore_begin();
  current_host() = this;
  catch_faults(this);
  sequence_ = &sequence;
  observer_ = &observer;
  trace_.clear();
  rcu_.reset();
  schedule_.start(sequence);
  accesses_are_points() = parks_at_access(sequence);
  worker_runs_ = 0;
  state(kWorker).steps = 0;
  mutex_held_ = false;
  ended_ = false;
  changed_ = {};
  divergences_.clear();
  const std::bitset<kMaxCpus> used = cpus_of(sequence);
  for (std::size_t cpu = 0; cpu < used.size(); ++cpu)
    if (used.test(cpu)) cpus_[cpu].fiber->order_after_outside();
  while (!ended_) {
    settle();
    const Schedule::Next next = schedule_.next();
    switch (next.kind) {
      case Schedule::Next::Kind::resume:
        running_ = next.cpu;
        emit(event(Event::Kind::resumed));
        break;
      case Schedule::Next::Kind::start:
        begin(next.cpu, next.operation, &sequence.operations[static_cast<std::size_t>(next.operation)]);
        break;
      case Schedule::Next::Kind::worker:
        begin(kWorker, worker_runs_, worker_line(*sequence_, worker_runs_));
        ++worker_runs_;
        break;
      case Schedule::Next::Kind::stuck:
        running_ = next.cpu;
        emit(event(Event::Kind::stuck));
        ended_ = true;
        break;
      case Schedule::Next::Kind::ended:
        ended_ = true;
        break;
    }
    if (!ended_) resume(running_);
    if (!ended_ && schedule_.idle()) look_at_rest();
  }
  for (std::size_t cpu = 0; cpu < used.size(); ++cpu)
    if (used.test(cpu)) cpus_[cpu].fiber->order_before_outside();
  abandon();
  accesses_are_points() = false;
  tp::ignore_end();
  subject_.reset();
  heap_.clear();
  return trace_;
}

void Lockstep::begin(int cpu, int operation, const Operation* line) {
  running_ = cpu;
  CpuState& state = current();
  state.operation = operation;
  state.line = line;
  state.parks.start(line);
  if (cpu != kWorker) state.steps = 0;
  state.allocations = 0;
  state.dispatched = false;
  state.nested = false;
  state.works_on = 0;
  emit(event(Event::Kind::started));
}

// Everything the patcher wrote must be visible to the instruction fetch of a CPU that may run it: of readers only.
[[gnu::always_inline]] inline void Lockstep::resume(int cpu) {
  const bool may_run_sites = cpu >= kMaxWriters && cpu < kWorker;
  if (text_dirty_ && may_run_sites) {
    serialize_core();
    text_dirty_ = false;
  }
  steps_ = state(cpu).steps;
  state(cpu).abandoned = true;  // until it suspends with its operation completed
  in_subject_ = true;
  carry(cpu);
  in_subject_ = false;
  state(cpu).steps = steps_;
  // At the stop after the last reader left: nobody has run in between. Outside of the CPUs, as a CPU that freed would
  // learn from ThreadSanitizer's point of view what the readers had learned.
  tp::acquired(&heap_);
  tp::ignore_end();
  heap_.collect(rcu_);
  tp::ignore_begin();
}

// Every grace period is over now, and every block that was deferred is freed.
void Lockstep::look_at_rest() {
  for (std::size_t tracepoint = 0; tracepoint < changed_.size() && !ended_; ++tracepoint) {
    if (!changed_[tracepoint]) continue;
    ended_ = !observer_->at_rest(*changed_[tracepoint], subject_.observe(static_cast<int>(tracepoint)), heap_.held());
    changed_[tracepoint].reset();
  }
}

void Lockstep::abandon() {
  for (CpuState& cpu : cpus_) {
    if (cpu.abandoned) cpu.fiber->restart();
    cpu.abandoned = false;
  }
}

void Lockstep::fiber_main(void* engine) {
  auto& lockstep = *static_cast<Lockstep*>(engine);
  lockstep.serve(lockstep.current());
}

// A CPU's life: one operation after the other.
void Lockstep::serve(CpuState& cpu) {
  for (;;) {
    int result = 0;
    if (running_ == kWorker) {
      step();
      subject_.run_worker();
    } else {
      result = perform(*cpu.line);
    }
    {
      const Outside outside(*this);
      Event completed = event(Event::Kind::completed);
      completed.result = static_cast<std::int16_t>(result);
      emit(completed);
      if (running_ < kMaxWriters && cpu.line->verb != Verb::sync) note_changed(*cpu.line, completed);
      schedule_.complete(running_);
      cpu.abandoned = false;
      suspend();
    }
  }
}

void Lockstep::note_changed(const Operation& operation, const Event& completed) {
  const bool batch = spans_tracepoints(operation);
  for_each_tracepoint(
      operation, [&](int tp) { changed_[static_cast<std::size_t>(tp)] = batch ? about(completed, tp) : completed; });
}

int Lockstep::perform(const Operation& operation) {
  if (operation.verb == Verb::hit) begin_hit();
  return tpfuzz::perform(subject_, *sequence_, operation);
}

void Lockstep::begin_hit() {
  const Outside outside(*this);
  check(Patched::key);
}

// The reader runs into a patched instruction next.
void Lockstep::check(Patched patched) {
  const CpuState& cpu = current();
  const int site = cpu.nested ? 0 : cpu.line->site;
  if (!subject_.sound(hit().tracepoint, site, patched)) emit(event(Event::Kind::torn));
}

Event Lockstep::event(Event::Kind kind) const {
  Event event;
  event.kind = kind;
  event.cpu = static_cast<std::uint8_t>(running_);
  event.operation = static_cast<std::uint8_t>(current().operation);
  return event;
}

void Lockstep::emit(Event event) {
  trace_.add(event);
  if (observer_->observe(event)) return;
  ended_ = true;
  if (event.kind == Event::Kind::started || event.kind == Event::Kind::resumed || event.kind == Event::Kind::stuck)
    return;
  suspend();  // for good: on a fiber
}

// From the engine's code on a fiber, back to `run`. A fiber that is abandoned here leaves nothing ignored behind.
[[gnu::always_inline]] inline void Lockstep::suspend() {
  tp::ignore_end();
  current().fiber->suspend();
  tp::ignore_begin();
}

// A call that a loop can make again and again.
[[gnu::always_inline]] inline void Lockstep::step() {
  if (++steps_ > kMaxSteps) [[unlikely]]
    endless();
}

void Lockstep::point(tp::Point point) {
  step();
  const Outside outside(*this);
  if (point == tp::Point::dispatched) current().dispatched = true;
  Event passed = event(Event::Kind::passed);
  passed.point = point;
  passed.data = current().works_on;
  emit(passed);
  if (const Park* its = current().parks.pass(point)) park(point, *its);
  if (point == tp::Point::loaded) check(Patched::call);
}

// No event tells of an access at which nobody is delayed: a trace without such delays is the same as if there were no
// accesses.
void Lockstep::access(tp::Point point) {
  if (!in_subject_) return;
  const Outside outside(*this);
  if (const Park* its = current().parks.pass(point)) park(point, *its);
}

void Lockstep::park(tp::Point point, const Park& park) {
  Event parked = event(Event::Kind::parked);
  parked.point = point;
  parked.data = current().works_on;
  emit(parked);
  schedule_.park(running_, park.events);
  suspend();
}

// Rule 6: the CPU passes `waiting` and stops until the wait is over, and until its park there has run out.
void Lockstep::wait_until_over(const Wait& wait) {
  if (over(running_, wait)) return;
  Event waits = event(Event::Kind::passed);
  waits.point = tp::Point::waiting;
  waits.data = current().works_on;
  emit(waits);
  const Park* park = current().parks.pass(tp::Point::waiting);
  waits.kind = park != nullptr ? Event::Kind::parked : Event::Kind::waits;
  emit(waits);
  if (park != nullptr)
    schedule_.park(running_, park->events, wait);
  else
    schedule_.wait(running_, wait);
  suspend();
}

void Lockstep::stop_until(const Wait& wait) {
  const Outside outside(*this);
  schedule_.wait(running_, wait);
  suspend();
}

void Lockstep::diverge(int cpu, int reader, bool model_stops) {
  if (!schedule_.end_park(reader) && model_stops && schedule_.stopped_before(reader, cpu)) return;
  const auto& events = trace_.events();
  const auto last =
      std::find_if(events.rbegin(), events.rend(), [reader](const Event& event) { return event.cpu == reader; });
  if (last == events.rend() || last->kind != Event::Kind::parked) return;  // it waits itself
  const auto step = static_cast<std::size_t>(events.rend() - last) - 1;
  const auto is_told = [&](const Divergence& told) { return told.cpu == cpu && told.step == step; };
  if (std::ranges::none_of(divergences_, is_told)) divergences_.push_back({cpu, reader, last->point, step});
}

void Lockstep::works_on(int tracepoint) {
  if (spans_tracepoints(*current().line)) current().works_on = static_cast<std::uint8_t>(tracepoint);
}

void Lockstep::lock() {
  step();
  const Outside outside(*this);
  wait_until_over({Wait::Kind::mutex, {}});
  tp::acquired(&mutex_held_);
  mutex_held_ = true;
  mutex_holder_ = running_;
}

void Lockstep::unlock() {
  tp::released(&mutex_held_);
  mutex_held_ = false;
}

void Lockstep::read_lock() {
  step();
  rcu_.enter(reader());
}

void Lockstep::read_unlock() {
  const Outside outside(*this);
  // What a reader did happens before the end of a grace period that waited for it, and before what it held is freed.
  tp::released(&rcu_);
  tp::released(&heap_);
  rcu_.leave(reader());
}

void Lockstep::synchronize() {
  step();
  const Outside outside(*this);
  wait_until_over({Wait::Kind::grace_period, rcu_.begin()});
  tp::acquired(&rcu_);
}

GracePeriod Lockstep::snapshot() {
  step();
  return rcu_.begin();
}

void Lockstep::await(const GracePeriod& cookie) {
  step();
  const Outside outside(*this);
  wait_until_over({Wait::Kind::grace_period, cookie});
  tp::acquired(&rcu_);
}

void Lockstep::await_worker() {
  const Outside outside(*this);
  wait_until_over({Wait::Kind::worker, {}});
}

void Lockstep::text_changed() { text_dirty_ = true; }

void Lockstep::patching(PatchMoment moment) {
  if (const Operation* const line = current().line; line != nullptr) {
    const Outside outside(*this);
    const bool batch = spans_tracepoints(*line);
    if (!subject_.in_order(batch ? current().works_on : line->tp, moment)) [[unlikely]] {
      Event disorder = event(Event::Kind::disorder);
      disorder.data = current().works_on;
      emit(disorder);
    }
  }
  if (moment == PatchMoment::barrier) text_changed();
}

Block* Lockstep::allocate(std::size_t size) {
  step();
  CpuState& cpu = current();
  if (++cpu.allocations == cpu.line->fail) return nullptr;
  in_subject_ = false;  // but judged by ThreadSanitizer as the subject's: it will write there
  Block* const block = heap_.allocate(size);
  in_subject_ = true;
  return block;
}

void Lockstep::defer_free(Block* block, const GracePeriod& grace_period) {
  const Outside outside(*this);
  tp::released(&heap_);
  heap_.defer_free(block, grace_period);
}

void Lockstep::call(int func, int data) {
  const Outside outside(*this);
  Event called = event(Event::Kind::called);
  called.func = static_cast<std::uint8_t>(func);
  called.data = static_cast<std::uint8_t>(data);
  emit(called);
}

void Lockstep::late() {
  const Outside outside(*this);
  emit(event(Event::Kind::late));
}

void Lockstep::hit_nested() {
  CpuState& cpu = current();
  step();
  bool outer_dispatched = false;
  {
    const Outside outside(*this);
    outer_dispatched = std::exchange(cpu.dispatched, false);
    cpu.nested = true;
    Event nested = event(Event::Kind::nested);
    nested.data = *cpu.line->nested;
    emit(nested);
    check(Patched::key);
  }
  subject_.hit(*cpu.line->nested, 0);
  {
    const Outside outside(*this);
    emit(event(Event::Kind::unnested));
    cpu.nested = false;
    cpu.dispatched = outer_dispatched;
  }
}

CurrentHit Lockstep::hit() const {
  const CpuState& cpu = current();
  const bool nests = cpu.line->nested && !cpu.nested;
  return {running_, cpu.operation, cpu.nested ? *cpu.line->nested : cpu.line->tp, cpu.dispatched, nests};
}

void Lockstep::wrong_argument(int argument, int got) {
  const Outside outside(*this);
  Event wrong = event(Event::Kind::wrong_argument);
  wrong.data = static_cast<std::uint8_t>(argument);
  wrong.result = static_cast<std::int16_t>(got);
  emit(wrong);
}

int Lockstep::hook(bool on) {
  const Outside outside(*this);
  Event hooked = event(Event::Kind::hooked);
  hooked.func = on ? 1 : 0;
  const bool locked = mutex_held_ && mutex_holder_ == running_;
  hooked.data = static_cast<std::uint8_t>((locked ? 0 : 1) | current().works_on << 1);
  hooked.result = on && current().line->hook_fails ? -EPERM : 0;
  emit(hooked);
  return hooked.result;
}

void Lockstep::fault(int signal) {
  Event faulted = event(Event::Kind::faulted);
  faulted.result = static_cast<std::int16_t>(signal);
  end_here(faulted);
}

void Lockstep::endless() { end_here(event(Event::Kind::endless)); }

// The code that runs now can't go on, whatever the observer thinks of it.
void Lockstep::end_here(Event last) {
  in_subject_ = false;
  tp::ignore_begin();
  emit(last);
  ended_ = true;
  for (;;) suspend();
}

bool Lockstep::over(int, const Wait& wait) const {
  switch (wait.kind) {
    case Wait::Kind::nothing:
      return true;
    case Wait::Kind::grace_period:
      return rcu_.over(wait.grace_period);
    case Wait::Kind::mutex:
      return !mutex_held_;
    case Wait::Kind::worker:
      break;
  }
  return !subject_.worker_outstanding();
}

bool Lockstep::worker_wanted() const { return subject_.worker_outstanding(); }

}  // namespace tpfuzz
