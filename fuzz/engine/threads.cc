#include "fuzz/engine/threads.h"

#include <sched.h>
#include <urcu/static/urcu-memb.h>

#include <algorithm>

#include "core/native_env.h"
#include "core/rcu.h"
#include "fuzz/engine/watchdog.h"

namespace tpfuzz {
namespace {

// Flipped by each grace period, when it has looked which readers are in a section and begins to wait for them.
unsigned long phase() { return __atomic_load_n(&urcu_memb_gp.ctr, __ATOMIC_ACQUIRE) & URCU_GP_CTR_PHASE; }

}  // namespace

Threads::Threads(Subject& subject) : Lockstep(subject) {
  for (auto& its : threads_) its = std::make_unique<ThreadState>();
}

void Threads::carry(int cpu) {
  const auto resume = [](void* fiber) {
    const Watched watched;
    static_cast<Fiber*>(fiber)->resume();
  };
  state(cpu).thread.run(resume, &fiber(cpu));
}

// Until every grace period under way has begun to wait, or has ended.
void Threads::settle() {
  while (!waits_.empty()) {
    GraceWait& first = waits_.front();
    if (state(first.cpu).sections > 0) break;  // it waits for itself: for ever
    if (!first.begun) begin(first);
    CpuThread& thread = state(first.cpu).thread;
    if (!thread.idle() && !rcu().over(first.needs)) break;
    thread.wait();
    if (tp::rcu::waited() != first.ended) waited_ = first.clock;
    waits_.erase(waits_.begin());
  }
  for (const GraceWait& wait : waits_)
    for (int i = 0; i < kMaxReaders; ++i)
      if (rcu().over(wait.model) && rcu().waits_for(waits_.front().needs, i))
        diverge(wait.cpu, kMaxWriters + i, wait.model_stops);
}

void Threads::want(const GraceWait& wait) {
  const Outside outside(*this);
  waits_.push_back(wait);
}

void Threads::begin(GraceWait& wait) {
  const unsigned long before = phase();
  CpuThread& thread = state(wait.cpu).thread;
  const auto task = [](void* argument) {
    const auto& its = *static_cast<const GraceWait*>(argument);
    if (its.full)
      tp::rcu::synchronize();
    else
      tp::rcu::await(its.model.cookie);
  };
  wait.clock = ++clock_;
  wait.ended = tp::rcu::waited();
  thread.start(task, &wait);
  while (!thread.idle() && phase() == before) sched_yield();
  wait.begun = true;
  wait.needs = rcu().begin();
}

// Readers leave the sections that they were abandoned in, so that who waits for them comes to an end.
void Threads::abandon() {
  const auto leave = [](void* argument) {
    for (int& sections = *static_cast<int*>(argument); sections > 0; --sections) tp::rcu::read_unlock();
  };
  for (auto& its : threads_)
    if (its->sections > 0) its->thread.run(leave, &its->sections);
  for (const GraceWait& wait : waits_) state(wait.cpu).thread.wait();
  waits_.clear();
  Lockstep::abandon();
}

bool Threads::over(int cpu, const Wait& wait) const {
  return Lockstep::over(cpu, wait) && std::ranges::find(waits_, cpu, &GraceWait::cpu) == waits_.end();
}

void Threads::read_lock() {
  tp::rcu::read_lock();
  ++state(running()).sections;
  Lockstep::read_lock();
}

void Threads::read_unlock() {
  Lockstep::read_unlock();
  --state(running()).sections;
  tp::rcu::read_unlock();
}

template <class Wait>
void Threads::wait_at_once(Wait wait) {
  const unsigned long before = tp::rcu::waited(), clock = ++clock_;
  wait();
  if (tp::rcu::waited() != before) waited_ = clock;
}

void Threads::judge_wait(unsigned long taken) {
  if (waited_ > taken) return;
  const Outside outside(*this);
  emit(event(Event::Kind::unwaited));
}

void Threads::synchronize() {
  const unsigned long taken = ++clock_;
  if (nobody_inside())
    wait_at_once([] { tp::rcu::synchronize(); });
  else
    want({.cpu = running(), .full = true, .model = rcu().begin()});
  Lockstep::synchronize();
  judge_wait(taken);
}

GracePeriod Threads::snapshot() {
  GracePeriod cookie = Lockstep::snapshot();
  cookie.taken = ++clock_;
  cookie.cookie = tp::rcu::snapshot();
  return cookie;
}

void Threads::await(const GracePeriod& cookie) {
  if (nobody_inside()) {
    wait_at_once([&] { tp::rcu::await(cookie.cookie); });
  } else if (!tp::rcu::poll(cookie.cookie)) {
    const bool model_stops = !rcu().over(cookie);
    want({.cpu = running(), .model = cookie, .model_stops = model_stops});
    // The model has nothing to wait for: so nothing is told of.
    if (!model_stops) stop_until({Wait::Kind::grace_period, cookie});
  }
  Lockstep::await(cookie);
  judge_wait(cookie.taken);
}

// Every core that runs this process serialises before it runs text that was written before.
void Threads::text_changed() { tp::NativeEnv::patch_barrier(); }

}  // namespace tpfuzz
