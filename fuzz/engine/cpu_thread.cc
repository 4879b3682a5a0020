#include "fuzz/engine/cpu_thread.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/rcu.h"

namespace tpfuzz {

CpuThread::CpuThread() : thread_([this] { main(); }) {}

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
  const tp::rcu::Thread reader;
  for (;;) {
    wait_while(kIdle);
    if (task_ == nullptr) return;
    task_(argument_);
    set(kIdle);
  }
}

void CpuThread::wait_while(State state) {
  while (__atomic_load_n(&state_, __ATOMIC_ACQUIRE) == state)
    syscall(SYS_futex, &state_, FUTEX_WAIT_PRIVATE, state, nullptr, nullptr, 0);
}

void CpuThread::set(State state) {
  __atomic_store_n(&state_, state, __ATOMIC_RELEASE);
  syscall(SYS_futex, &state_, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

}  // namespace tpfuzz
