#include "fuzz/engine/cpu_thread.h"

#include "core/annotate.h"
#include "core/rcu.h"
#include "fuzz/engine/futex.h"
#include "fuzz/engine/real_domain.h"

namespace tpfuzz {

// The thread's own memory is there before a fiber runs on the thread.
CpuThread::CpuThread() : thread_([this] { main(); }) {
  wait();
  tp::acquired(this);
}

CpuThread::~CpuThread() {
  start(nullptr, nullptr);
  thread_.join();
}

void CpuThread::start(Task task, void* argument) {
  task_ = task;
  argument_ = argument;
  set(kBusy);
}

void CpuThread::wait() { wait_while(kBusy); }

void CpuThread::main() {
  tp::rcu::register_thread();
  const RealReader reader_of_others;
  tp::released(this);
  set(kIdle);
  for (;;) {
    wait_while(kIdle);
    if (task_ == nullptr) return;
    task_(argument_);
    set(kIdle);
  }
}

void CpuThread::wait_while(State state) {
  while (__atomic_load_n(&state_, __ATOMIC_ACQUIRE) == state) futex_wait(state_, state);
}

void CpuThread::set(State state) {
  __atomic_store_n(&state_, state, __ATOMIC_RELEASE);
  futex_wake(state_);
}

}  // namespace tpfuzz
