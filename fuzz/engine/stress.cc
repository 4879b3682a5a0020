#include "fuzz/engine/stress.h"

#include <immintrin.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/native_env.h"
#include "fuzz/engine/futex.h"
#include "fuzz/engine/perform.h"
#include "fuzz/engine/real_domain.h"
#include "fuzz/engine/steps.h"
#include "fuzz/engine/watchdog.h"
#include "fuzz/sequence/cpu.h"
#include "fuzz/sequence/vocabulary.h"
#include "fuzz/subject/probe_objects.h"

namespace tpfuzz {
namespace {

constexpr int kRunsUntilDrained = 1024;
constexpr int kLongest = 16;    // events of a delay: a park of more lets no more happen here
constexpr int kPatience = 128;  // events of all delays of a writer, so that a run ends soon: readers go on until then

// What the threads of a run count with. Builtins: a std::atomic's functions may be another file's instrumented ones.
template <class T>
[[gnu::always_inline]] inline T get(const T& counter) {
  return __atomic_load_n(&counter, __ATOMIC_SEQ_CST);
}
template <class T>
[[gnu::always_inline]] inline T add(T& counter, T n) {
  return __atomic_add_fetch(&counter, n, __ATOMIC_SEQ_CST);
}

}  // namespace

constinit thread_local Stress::CpuState* Stress::self_ = nullptr;

Stress::CpuState::CpuState(Stress& its_engine, int its_number)
    : engine(its_engine), number(its_number), fiber(&Stress::on_fiber, this) {}

Stress::Stress(Subject& subject) : subject_(subject), worker_(subject.worker()) {
  for (int number = 0; number < kMaxCpus; ++number)
    cpus_[static_cast<std::size_t>(number)] = std::make_unique<CpuState>(*this, number);
  run_.registrations.reserve(kMaxOperations);  // so that adding one moves no other
}

Stress::~Stress() { catch_faults(nullptr); }

const FreeRun& Stress::run(const Sequence& sequence, Random& random) {
  const HostScope host(*this);
  ProbeObjects::instance().share(true);
  start_run(sequence, random);
  accesses_are_points() = parks_at_access(sequence);
  std::array<bool, kMaxCpus> used{};
  for (const Operation& operation : sequence.operations)
    used[static_cast<std::size_t>(operation.cpu.number())] = operation.cpu.kind != Cpu::Kind::worker;
  starting_ = static_cast<int>(std::ranges::count(used, true));
  writers_left_ = static_cast<int>(std::count(used.begin(), used.begin() + kMaxWriters, true));
  for (const auto& its : cpus_) its->fiber.order_after_outside();
  for (int number = 0; number < kMaxCpus; ++number)
    if (used[static_cast<std::size_t>(number)]) cpu(number).thread.start(&on_thread, &cpu(number));
  for (int number = 0; number < kWorkerCpu; ++number) cpu(number).thread.wait();
  worker_stops_ = true;
  add(worker_calls_, 1U);
  futex_wake(worker_calls_);
  cpu(kWorkerCpu).thread.wait();
  for (const auto& its : cpus_) {
    its->fiber.order_before_outside();
    if (its->abandoned) its->fiber.restart();
    its->abandoned = false;
  }
  accesses_are_points() = false;
  end_run();
  ProbeObjects::instance().share(false);
  return run_;
}

void Stress::start_run(const Sequence& sequence, Random& random) {
  static constexpr std::array kPaces = {Pace{0, 0, 0}, Pace{16, 0, 0}, Pace{128, 0, 0},  Pace{1024, 0, 0},
                                        Pace{0, 1, 0}, Pace{0, 4, 0},  Pace{0, 0, 1000}, Pace{0, 0, 20'000}};
  catch_faults(this);
  sequence_ = &sequence;
  declare(subject_, sequence);
  pace_ = kPaces[static_cast<std::size_t>(random.below(static_cast<int>(kPaces.size())))];
  for (const auto& its : cpus_) {
    its->random = Random(random.next());
    its->patience = kPatience;
  }
  run_.registrations.clear();
  run_.serialized = true;
  for (auto& passes : run_.passes) passes.clear();
  run_.faults = {};
  counters_ = {};
  patches_meet() = subject_.counted_keys() != nullptr;
  worker_runs_ = worker_stops_ = worker_left_ = false;
}

void Stress::end_run() {
  const Inspector* const inspector = subject_.inspector();
  if (std::ranges::none_of(run_.faults, [](const auto& fault) { return fault.has_value(); }))
    for (int tracepoint = 0; tracepoint < kMaxTracepoints && inspector != nullptr; ++tracepoint)
      run_.observations[static_cast<std::size_t>(tracepoint)] = inspector->observe(tracepoint);
  run_.observed = inspector != nullptr;
  for (std::size_t tracepoint = 0; tracepoint < run_.held.size(); ++tracepoint)
    run_.held[tracepoint] = counters_[tracepoint].held > counters_[tracepoint].released;
  reset(subject_);
  run_.blocks = heap_.held();
  heap_.clear();
  // What was deferred is freed in the background, whose thread sleeps for milliseconds between its batches.
  if (++runs_ % kRunsUntilDrained == 0) drain_domains();
}

// A thread's part of a run; the fiber is what a fault leaves behind.
void Stress::on_thread(void* cpu) {
  auto& its = *static_cast<CpuState*>(cpu);
  self_ = &its;
  its.abandoned = true;
  const Watched watched;  // so that the watchdog's timer is the thread's, and not the fiber's
  its.fiber.resume();
  if (its.abandoned) its.engine.leave(its);
  self_ = nullptr;
}

// After its last step: nobody has to wait for this CPU.
void Stress::leave(CpuState& cpu) {
  for (int domain = 0; domain < kDomains; ++domain)
    for (int& depth = cpu.sections[static_cast<std::size_t>(domain)]; depth > 0; --depth)
      real_domain(domain).read_unlock();
  if (is_writer(cpu.number)) add(writers_left_, -1);
  if (cpu.number == kWorkerCpu) __atomic_store_n(&worker_left_, true, __ATOMIC_SEQ_CST);
}

void Stress::on_fiber(void* cpu) {
  auto& its = *static_cast<CpuState*>(cpu);
  Stress& engine = its.engine;
  for (;;) {
    if (its.number == kWorkerCpu) {
      engine.act_as_worker(its);
    } else {
      add(engine.starting_, -1);
      while (get(engine.starting_) > 0) sched_yield();
      is_writer(its.number) ? engine.act_as_writer(its) : engine.act_as_reader(its);
    }
    its.abandoned = false;
    its.fiber.suspend();
  }
}

void Stress::act_as_writer(CpuState& cpu) {
  const auto& operations = sequence_->operations;
  for (int i = 0; i < static_cast<int>(operations.size()); ++i) {
    const Operation& operation = operations[static_cast<std::size_t>(i)];
    if (operation.cpu.number() != cpu.number) continue;
    delay(cpu, cpu.random.below(4));
    if (changes_probes(operation.verb))
      register_on(cpu, i);
    else if (changes_key(operation.verb))
      change_key_on(cpu, i);
    else
      perform(cpu, i);
  }
  add(writers_left_, -1);
}

// At least once, so that a sequence without writers is one, too.
void Stress::act_as_reader(CpuState& cpu) {
  const auto& operations = sequence_->operations;
  do {
    for (int i = 0; i < static_cast<int>(operations.size()); ++i)
      if (operations[static_cast<std::size_t>(i)].cpu.number() == cpu.number) hit_on(cpu, i);
    if (cpu.random.chance(1, 8)) sched_yield();  // on one core nobody else would come to run
  } while (get(writers_left_) > 0);
}

void Stress::act_as_worker(CpuState& cpu) {
  int runs = 0;
  while (true) {
    const std::uint32_t calls = get(worker_calls_);
    if (worker_outstanding()) {
      begin(cpu, runs, worker_line(*sequence_, runs));
      ++runs;
      const Watched watched;
      cpu.in_subject = true;
      worker_->run_worker();
      cpu.in_subject = false;
    } else if (get(worker_stops_)) {
      return;
    } else {
      futex_wait(worker_calls_, calls);
    }
  }
}

void Stress::begin(CpuState& cpu, int operation, const Operation* line) {
  cpu.run.begin(operation, line);
  cpu.run.steps = 0;
  cpu.parks.start(line);
  cpu.point.reset();
}

int Stress::perform(CpuState& cpu, int operation) {
  const Operation& line = sequence_->operations[static_cast<std::size_t>(operation)];
  begin(cpu, operation, &line);
  const Watched watched;
  cpu.in_subject = true;
  const int result = tpfuzz::perform(subject_, *sequence_, line);
  cpu.in_subject = false;
  return result;
}

void Stress::register_on(CpuState& cpu, int operation) {
  cpu.registration = {};
  cpu.registration.operation = operation;
  cpu.registered_as.reset();
  cpu.registers = true;
  cpu.registration.result = perform(cpu, operation);
  cpu.registers = false;
  cpu.registration.point = cpu.point;
  if (!cpu.registered_as) return has_no_place();
  run_.registrations[*cpu.registered_as] = cpu.registration;
  count(*cpu.run.line, &Counters::ended);
}

// What is counted as released too early is so for a moment, and tells less of a hit.
void Stress::change_key_on(CpuState& cpu, int operation) {
  const Operation& line = sequence_->operations[static_cast<std::size_t>(operation)];
  if (line.verb == Verb::key_dec) count(line, &Counters::released);
  const int result = perform(cpu, operation);
  if (line.verb == Verb::key_inc) count(line, &Counters::held);
  if (result != 0) add(counters_[line.tp].released, -1U);
}

void Stress::count(const Operation& operation, unsigned Counters::* counter) {
  for_each_tracepoint(operation, [&](int tp) { add(counters_[static_cast<std::size_t>(tp)].*counter, 1U); });
}

// A registration that took the mutex never, or twice, has no place in the order of registrations.
void Stress::has_no_place() { __atomic_store_n(&run_.serialized, false, __ATOMIC_RELAXED); }

void Stress::hit_on(CpuState& cpu, int operation) {
  begin_pass(cpu, operation, sequence_->operations[static_cast<std::size_t>(operation)].tp);
  perform(cpu, operation);
  end_pass(cpu);
}

void Stress::begin_pass(CpuState& cpu, int operation, int tracepoint) {
  cpu.pass = {};
  cpu.pass.operation = operation;
  cpu.pass.tracepoint = tracepoint;
  const Counters& counted = counters_[static_cast<std::size_t>(tracepoint)];
  cpu.pass.ended = get(counted.ended);
  cpu.held[cpu.run.nested ? 1 : 0] = get(counted.held);
}

// Nested passes take turns with their outer ones, so two are looked at for a repetition.
void Stress::end_pass(CpuState& cpu) {
  const Counters& counted = counters_[static_cast<std::size_t>(cpu.pass.tracepoint)];
  cpu.pass.begun = get(counted.begun);
  cpu.pass.enabled = get(counted.enabled);
  cpu.pass.held = cpu.held[cpu.run.nested ? 1 : 0] > get(counted.released);
  std::vector<Pass>& passes = run_.passes[static_cast<std::size_t>(reader_of(cpu.number))];
  if (std::find(passes.end() - std::min<std::ptrdiff_t>(std::ssize(passes), 2), passes.end(), cpu.pass) == passes.end())
    passes.push_back(cpu.pass);
}

void Stress::delay(CpuState& cpu, int events) const {
  events = std::min({events, kLongest, cpu.patience});
  if (!is_reader(cpu.number)) cpu.patience -= events;
  for (int i = 0; i < events * pace_.spins; ++i) _mm_pause();
  for (int i = 0; i < events * pace_.yields; ++i) sched_yield();
  if (pace_.nanoseconds == 0 || events == 0) return;
  const timespec time = {0, events * pace_.nanoseconds};
  nanosleep(&time, nullptr);
}

// As far as the CPU itself is in the way of what it waits for: nobody else would ever end that.
void Stress::wait_for_grace_period(int domain) {
  if (self_->sections[static_cast<std::size_t>(domain)] > 0) fault(FreeRun::kStuck);
  if (const Park* park = self_->parks.pass(tp::Point::waiting)) delay(*self_, park->events);
}

void Stress::fault(int signal) {
  CpuState& its = *self_;
  its.in_subject = false;
  run_.faults[static_cast<std::size_t>(its.number)] = {signal, its.point};
  for (int mutex = 0; mutex < kMutexes; ++mutex)
    if (its.holds[static_cast<std::size_t>(mutex)]) unlock(mutex);  // on the fiber that took it
  for (;;) its.fiber.suspend();
}

bool Stress::in_subject() const { return self_ != nullptr && self_->in_subject; }

// A call that a loop can make again and again.
void Stress::step() {
  if (++self_->run.steps > kMaxSteps) self_->engine.endless();
}

void Stress::point(tp::Point point) {
  step();
  CpuState& its = *self_;
  if (point == tp::Point::dispatched) its.run.dispatched = true;
  if (point == tp::Point::keyed) its.pass.keyed = true;
  if (point != tp::Point::unlocked) its.point = point;
  if (const Park* park = its.parks.pass(point)) delay(its, park->events);
}

void Stress::access(tp::Point point) {
  if (!in_subject()) return;
  if (const Park* park = self_->parks.pass(point)) delay(*self_, park->events);
}

void Stress::works_on(int tracepoint) {
  if (self_->run.is_batch()) self_->run.works_on = tracepoint;
}

void Stress::lock(int mutex) {
  step();
  CpuState& its = *self_;
  bool& holds = its.holds[static_cast<std::size_t>(mutex)];
  if (holds) fault(FreeRun::kStuck);
  mutexes_[static_cast<std::size_t>(mutex)].lock();
  holds = true;
  if (mutex != kRegistrations || !its.registers) return;
  if (its.registered_as) return has_no_place();
  its.registered_as = run_.registrations.size();
  run_.registrations.push_back(its.registration);
  count(*its.run.line, &Counters::begun);
}

void Stress::unlock(int mutex) {
  self_->holds[static_cast<std::size_t>(mutex)] = false;
  mutexes_[static_cast<std::size_t>(mutex)].unlock();
}

void Stress::read_lock(int domain) {
  step();
  real_domain(domain).read_lock();
  ++self_->sections[static_cast<std::size_t>(domain)];
}

void Stress::read_unlock(int domain) {
  self_->pass.point = self_->point;
  --self_->sections[static_cast<std::size_t>(domain)];
  real_domain(domain).read_unlock();
}

void Stress::synchronize(int domain) {
  step();
  wait_for_grace_period(domain);
  real_domain(domain).synchronize();
}

GracePeriod Stress::snapshot(int domain) {
  step();
  return {{}, domain, real_domain(domain).snapshot()};
}

void Stress::await(const GracePeriod& cookie) {
  step();
  wait_for_grace_period(cookie.domain);
  real_domain(cookie.domain).await(cookie.cookie);
}

bool Stress::has_passed(const GracePeriod& cookie) { return real_domain(cookie.domain).poll(cookie.cookie); }

bool Stress::worker_outstanding() const { return worker_ != nullptr && worker_->worker_outstanding(); }

void Stress::start_worker() {
  if (!__atomic_exchange_n(&worker_runs_, true, __ATOMIC_SEQ_CST))
    cpu(kWorkerCpu).thread.start(&on_thread, &cpu(kWorkerCpu));
  add(worker_calls_, 1U);
  futex_wake(worker_calls_);
}

void Stress::await_worker() {
  while (worker_outstanding() && !get(worker_left_)) {
    sched_yield();
    Watched::anew();  // the work is the worker's
  }
}

void Stress::text_changed() { tp::NativeEnv::patch_barrier(); }

// The order is not judged: which of two writers has changed a site nobody knows.
void Stress::patching(PatchMoment moment) {
  if (moment == PatchMoment::barrier) text_changed();
}

Block* Stress::allocate(std::size_t size) {
  step();
  if (self_->run.next_allocation_fails()) return nullptr;
  return heap_.allocate(size);
}

void Stress::defer_free(Block* block, std::span<const GracePeriod> grace_periods) {
  heap_.defer_free(*block, grace_periods);
}

void Stress::call(int func, int data) {
  CpuState& its = *self_;
  if (its.pass.calls.size() == its.pass.calls.capacity()) return;
  its.pass.calls.push_back({static_cast<std::uint8_t>(func), static_cast<std::uint8_t>(data), its.point});
}

void Stress::late() { self_->pass.late = true; }

void Stress::hit_nested() {
  CpuState& its = *self_;
  step();
  const Pass outer_pass = its.pass;
  const CpuRun::Outer outer = its.run.begin_nested();
  begin_pass(its, outer_pass.operation, *its.run.line->nested);
  subject_.hit(*its.run.line->nested, 0);
  end_pass(its);
  its.run.end_nested(outer);
  its.pass = outer_pass;
}

CurrentHit Stress::hit() const { return self_->run.hit(self_->number); }

void Stress::wrong_argument(int argument, int got) { self_->pass.calls.back().wrong_argument = {argument, got}; }

void Stress::warned(int /*warning*/) { fault(FreeRun::kWarned); }

int Stress::hook(bool on) {
  Registration& registration = self_->registration;
  const auto tracepoint = static_cast<std::size_t>(self_->run.tracepoint());
  ++(on ? registration.enabled : registration.disabled)[tracepoint];
  registration.hooked_without_mutex |= !self_->holds[kRegistrations];
  const int result = self_->run.hook_result(on);
  if (on && result == 0) add(counters_[tracepoint].enabled, 1U);
  return result;
}

}  // namespace tpfuzz
