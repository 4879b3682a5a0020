#include "fuzz/engine/scheduled_engine.h"

#include <algorithm>
#include <bitset>
#include <utility>

#include "fuzz/engine/parks.h"
#include "fuzz/engine/perform.h"
#include "fuzz/engine/scratch_registers.h"
#include "fuzz/engine/steps.h"
#include "fuzz/engine/watchdog.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/vocabulary.h"

namespace tpfuzz {
namespace {

// Here the engine itself has something to do, or the observer.
constexpr PointSet kAlwaysAsks = bit(tp::Point::loaded) | bit(tp::Point::dispatched) | bit(tp::Point::unlocked);

}  // namespace

ScheduledEngine::ScheduledEngine(Subject& subject, Carrier& carrier, GracePeriods& grace_periods, Scheduler& scheduler)
    : subject_(subject),
      inspector_(subject.inspector()),
      worker_(subject.worker()),
      carrier_(carrier),
      grace_periods_(grace_periods),
      scheduler_(scheduler) {
  for (Cpu& cpu : cpus_) cpu.fiber = std::make_unique<Fiber>(&fiber_main, this);
}

ScheduledEngine::~ScheduledEngine() { catch_faults(nullptr); }

const Trace& ScheduledEngine::run(const Sequence& sequence, Observer& observer) {
  const Watched watched;
  const HostScope host(*this);
  driven_ = false;
  tp::ignore_begin();
  start(sequence, observer);
  loop();
  end();
  clear();
  return trace_;
}

void ScheduledEngine::open(const Sequence& sequence, Observer& observer) {
  driven_ = true;
  has_syncs_ = std::ranges::any_of(sequence.operations, takes_away, &Operation::verb);
  tp::ignore_begin();
  start(sequence, observer);
  tp::ignore_end();
}

bool ScheduledEngine::turn(const Scheduler::Next& next) {
  const Watched watched;
  const HostScope host(*this);
  tp::ignore_begin();
  next_ = next;
  if (take_turn()) {
    if (kCanSave) clear_stack();
    run_cpu();
    settle_stop();
    settle();
  }
  tp::ignore_end();
  return !ended_;
}

// What the stack holds at a stop is then what this operation has put there: no matter what ran on the stack before.
void ScheduledEngine::clear_stack() {
  Fiber& fiber = *cpu(running_).fiber;
  if (next_.kind != Scheduler::Next::Kind::resume) fiber.restart();
  fiber.clear_below(kDeepest);
}

const Trace& ScheduledEngine::close() {
  const HostScope host(*this);
  tp::ignore_begin();
  end();
  clear();
  return trace_;
}

const Trace& ScheduledEngine::until_now() {
  trace_.end_at(point_log.next);
  return trace_;
}

void ScheduledEngine::forget_trace() {
  trace_.clear();
  unseen_ = point_log.next = trace_.room(kRoom);
}

void ScheduledEngine::start(const Sequence& sequence, Observer& observer) {
  catch_faults(this);
  sequence_ = &sequence;
  observer_ = &observer;
  observer_looks_on_ = observer.looks_on();
  trace_.clear();
  point_log.next = trace_.room(kRoom);
  unseen_ = point_log.next;
  grace_periods_.start();
  declare(subject_, sequence);
  stops_at_accesses_ = (scheduler_.start(sequence, *this) & kAccessPoints) != 0;
  patches_meet() = subject_.counted_keys() != nullptr;
  worker_runs_ = 0;
  cpu(kWorkerCpu).run.steps = 0;
  holders_ = {};
  changed_ = {};
  divergences_.clear();
  ended_ = false;
  for_each_used([](Fiber& fiber) { fiber.order_after_outside(); });
}

void ScheduledEngine::loop() {
  decide();
  while (take_turn()) {
    run_cpu();
    if (decided_) continue;
    settle_stop();
    if (!ended_) decide();
  }
}

void ScheduledEngine::run_cpu() {
  accesses_are_points() = stops_at_accesses_;
  in_subject_ = true;
  carrier_.run(running_, *cpu(running_).fiber);
  in_subject_ = false;
  accesses_are_points() = false;
}

void ScheduledEngine::settle_stop() {
  leave();
  if (!ended_ && scheduler_.idle()) look_at_rest();
}

// Which CPU goes next.
void ScheduledEngine::decide() {
  settle();
  next_ = scheduler_.next();
}

// Makes the CPU that goes next the one that runs. Returns false at the end of the execution.
bool ScheduledEngine::take_turn() {
  using Kind = Scheduler::Next::Kind;
  if (ended_) return false;
  decided_ = false;
  switch (next_.kind) {
    case Kind::resume:
      running_ = next_.cpu;
      emit(event(Event::Kind::resumed));
      break;
    case Kind::start:
      begin(next_.cpu, next_.operation, &sequence_->operations[static_cast<std::size_t>(next_.operation)]);
      break;
    case Kind::worker:  // a run that is driven from outside is one like any other: it has no number and no parks
      if (driven_) {
        begin(kWorkerCpu, 0, nullptr);
        break;
      }
      begin(kWorkerCpu, worker_runs_, worker_line(*sequence_, worker_runs_));
      ++worker_runs_;
      break;
    case Kind::stuck:
      running_ = next_.cpu;
      emit(event(Event::Kind::stuck));
      ended_ = true;
      break;
    case Kind::ended:
      ended_ = true;
      break;
  }
  if (!ended_) enter();
  return !ended_;
}

// CPUs that were stopped in the middle of an operation forget this operation.
void ScheduledEngine::end() {
  trace_.end_at(point_log.next);
  point_log = {};
  for_each_used([](Fiber& fiber) { fiber.order_before_outside(); });
  grace_periods_.end();
  for (Cpu& cpu : cpus_) {
    if (cpu.mid_operation) cpu.fiber->restart();
    cpu.mid_operation = false;
  }
}

// Ends what is ignored since the beginning of `run` or `close`: frees are judged.
void ScheduledEngine::clear() {
  reset(subject_);
  tp::ignore_end();
  heap_.clear();
}

// The fibers that may run: those of the operations, and k0, which the subject may start.
template <class Do>
void ScheduledEngine::for_each_used(Do action) {
  if (!kThreadSanitizer) return;  // nobody else needs to be told
  std::bitset<kMaxCpus> used;
  used.set(kWorkerCpu);
  for (const Operation& operation : sequence_->operations) used.set(static_cast<std::size_t>(operation.cpu.number()));
  for (std::size_t cpu = 0; cpu < used.size(); ++cpu)
    if (used.test(cpu)) action(*cpus_[cpu].fiber);
}

void ScheduledEngine::begin(int number, int operation, const Operation* line) {
  running_ = number;
  CpuRun& run = current();
  run.begin(operation, line);
  if (number != kWorkerCpu) run.steps = 0;
  stops_[static_cast<std::size_t>(number)] = scheduler_.begins(number, line);
  emit(event(Event::Kind::started));
}

// The running CPU goes on, or begins.
void ScheduledEngine::enter() {
  Cpu& its = cpu(running_);
  trace_.end_at(point_log.next);
  if (Event* const room = trace_.room(kRoom); room != point_log.next) unseen_ = point_log.next = room;
  stamp();
  point_log.asks = observer_looks_on_ ? kEveryPoint : stops_[static_cast<std::size_t>(running_)] | kAlwaysAsks;
  point_log.steps = kMaxSteps - its.run.steps;
  its.mid_operation = true;  // until its operation has completed
}

// It has stopped, or completed its operation.
void ScheduledEngine::leave() {
  current().steps = kMaxSteps - point_log.steps;
  // At the stop after the last reader left: nobody has run in between. Outside of the CPUs, as a CPU that freed would
  // learn from ThreadSanitizer's point of view what the readers had learned.
  if (!heap_.has_deferred()) return;
  tp::acquired(&heap_);
  tp::acquired(&grace_periods_);
  tp::ignore_end();
  heap_.collect(grace_periods_.model());
  tp::ignore_begin();
}

// Every grace period is over now, and every block that was deferred is freed.
void ScheduledEngine::look_at_rest() {
  if (inspector_ == nullptr) return;
  for (std::size_t tracepoint = 0; tracepoint < changed_.size() && !ended_; ++tracepoint) {
    if (!changed_[tracepoint]) continue;
    ended_ =
        !observer_->at_rest(*changed_[tracepoint], inspector_->observe(static_cast<int>(tracepoint)), heap_.held());
    changed_[tracepoint].reset();
  }
}

void ScheduledEngine::settle() {
  for (const LateReader& late : grace_periods_.settle()) diverge(late);
}

// Ends the park of a reader. This is no divergence if the park has run out and the reader would go on before the CPU
// that waits anyway; which the reader would not if the model does not stop that CPU.
void ScheduledEngine::diverge(const LateReader& late) {
  if (!scheduler_.end_park(late.reader) && late.model_stops && scheduler_.goes_before(late.reader, late.cpu)) return;
  trace_.end_at(point_log.next);
  const auto events = trace_.events();
  const auto last = std::ranges::find(events.rbegin(), events.rend(), late.reader, &Event::cpu);
  if (last == events.rend() || last->kind != Event::Kind::parked) return;  // it waits itself
  const auto step = static_cast<std::size_t>(events.rend() - last) - 1;
  const auto is_told = [&](const Divergence& told) { return told.cpu == late.cpu && told.step == step; };
  if (std::ranges::none_of(divergences_, is_told)) divergences_.push_back({late.cpu, late.reader, last->point, step});
}

void ScheduledEngine::fiber_main(void* engine) { static_cast<ScheduledEngine*>(engine)->serve(); }

// One operation after the other, each of the CPU that runs.
void ScheduledEngine::serve() {
  for (;;) {
    const int result = run_operation();
    const HarnessScope scope(*this);
    complete(result);
    if (!takes_over()) suspend();
  }
}

int ScheduledEngine::run_operation() {
  if (driven_) clear_scratch_registers();
  if (running_ == kWorkerCpu) {
    step();
    worker_->run_worker();
    return 0;
  }
  const Operation& operation = *current().line;
  if (operation.verb == Verb::hit) check(SiteKind::key);
  return perform(subject_, *sequence_, operation);
}

void ScheduledEngine::complete(int result) {
  Event completed = event(Event::Kind::completed);
  completed.result = static_cast<std::int16_t>(result);
  emit(completed);
  if (is_writer(running_) && has_result(current().line->verb)) note_changed(*current().line, completed);
  scheduler_.completes(running_);
  cpu(running_).mid_operation = false;
}

// Whether the next operation begins on this stack, on which one has completed: a switch of stacks costs as much as some
// operations do. The CPUs exchange their stacks.
bool ScheduledEngine::takes_over() {
  using Kind = Scheduler::Next::Kind;
  if (driven_ || !carrier_.stacks_are_alike()) return false;
  decided_ = true;
  settle_stop();
  if (!ended_) decide();
  if (ended_ || (next_.kind != Kind::start && next_.kind != Kind::worker)) return false;
  const int completed = running_;
  if (!take_turn()) {
    running_ = completed;
    decided_ = true;
    return false;
  }
  std::swap(cpu(completed).fiber, cpu(running_).fiber);
  carrier_.takes_over(running_);
  return true;
}

void ScheduledEngine::note_changed(const Operation& operation, const Event& completed) {
  const bool batch = spans_tracepoints(operation);
  for_each_tracepoint(
      operation, [&](int tp) { changed_[static_cast<std::size_t>(tp)] = batch ? about(completed, tp) : completed; });
}

// From the engine's code on a fiber, back to `loop`. A fiber that is abandoned here leaves nothing ignored behind.
void ScheduledEngine::suspend() {
  tp::ignore_end();
  cpu(running_).fiber->suspend();
  if (driven_) clear_scratch_registers();
  tp::ignore_begin();
}

Event ScheduledEngine::event(Event::Kind kind) const {
  Event event;
  event.kind = kind;
  event.cpu = static_cast<std::uint8_t>(running_);
  event.operation = static_cast<std::uint8_t>(current().operation);
  return event;
}

void ScheduledEngine::note(Event event) { *point_log.next++ = event; }

void ScheduledEngine::emit(Event event) {
  note(event);
  if (judge()) return;
  if (event.kind == Event::Kind::started || event.kind == Event::Kind::resumed || event.kind == Event::Kind::stuck)
    return;
  suspend();  // for good: on a fiber
}

// Whether the execution goes on.
bool ScheduledEngine::judge() {
  const Event* const first = std::exchange(unseen_, point_log.next);
  ended_ = !observer_->observe({first, point_log.next});
  return !ended_;
}

void ScheduledEngine::fault(int signal) {
  Event faulted = event(Event::Kind::faulted);
  faulted.result = static_cast<std::int16_t>(signal);
  end_here(faulted);
}

void ScheduledEngine::endless() { end_here(event(Event::Kind::endless)); }

// The code that runs now can't go on, whatever the observer thinks of it.
void ScheduledEngine::end_here(Event last) {
  in_subject_ = false;
  tp::ignore_begin();
  emit(last);
  ended_ = true;
  for (;;) suspend();
}

}  // namespace tpfuzz
