// A lock for the harness's own books that is no synchronisation to ThreadSanitizer: the CPUs' is what it judges. For
// sources that are not instrumented; in line, as another file's function may be.
#pragma once

#include <sched.h>

namespace tpfuzz {

class SpinLock {
 public:
  [[gnu::always_inline]] void lock() {
    while (__atomic_test_and_set(&held_, __ATOMIC_ACQUIRE)) sched_yield();
  }
  [[gnu::always_inline]] void unlock() { __atomic_clear(&held_, __ATOMIC_RELEASE); }

 private:
  bool held_ = false;
};

/// Holds the lock while it lives; if not `needed`, holds nothing.
class SpinLocked {
 public:
  [[gnu::always_inline]] explicit SpinLocked(SpinLock& lock, bool needed = true) : lock_(lock), needed_(needed) {
    if (needed_) lock_.lock();
  }
  [[gnu::always_inline]] ~SpinLocked() {
    if (needed_) lock_.unlock();
  }
  SpinLocked(const SpinLocked&) = delete;
  SpinLocked& operator=(const SpinLocked&) = delete;

 private:
  SpinLock& lock_;
  const bool needed_;
};

}  // namespace tpfuzz
