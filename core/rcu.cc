// liburcu's sections in line in this file: without a call through the PLT and a search for thread-local storage, a
// section costs 2 ns and not 8. Under ThreadSanitizer, which sees liburcu by its calls, they stay calls.
#include "core/annotate.h"
#ifndef TP_TSAN
#define _LGPL_SOURCE
#include <urcu/static/urcu-common.h>
// Declared as what it is, constant-initialised: else C++ asks before each access whether it has to be constructed.
extern "C" {
extern constinit thread_local struct urcu_reader urcu_memb_reader;
}
#endif
#include <atomic>
#include <cstdlib>
#include <mutex>

#include "core/grace_periods.h"
#include "core/rcu.h"

namespace tp::rcu {
namespace {

// What liburcu orders: the end of a section happens before the end of a grace period that waited for it, and handing a
// block over happens before it is freed.
char sections;

struct Liburcu {
  using Atomic = std::atomic<unsigned long>;
  using Mutex = std::mutex;
  static void fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }
  static void grace_period() {
    urcu_memb_synchronize_rcu();
    acquired(&sections);
  }
};

constinit GracePeriods<Liburcu> grace_periods;

}  // namespace

void read_lock() { urcu_memb_read_lock(); }

void read_unlock() {
  released(&sections);
  urcu_memb_read_unlock();
}

void synchronize() { grace_periods.synchronize(); }

Cookie snapshot() { return grace_periods.snapshot(); }

bool poll(Cookie cookie) { return grace_periods.poll(cookie); }

void await(Cookie cookie) { grace_periods.await(cookie); }

unsigned long waited() { return grace_periods.count(); }

void defer_free(Header* header) {
  released(&sections);  // the caller's part in the block, too
  urcu_memb_call_rcu(header, [](rcu_head* head) {
    acquired(&sections);
    std::free(head);
  });
}

// liburcu allocates here what its own thread frees.
void drain() {
  ignore_begin();
  urcu_memb_barrier();
  ignore_end();
}

void before_fork() {
  urcu_memb_call_rcu_before_fork();
  grace_periods.mutex().lock();
}

void after_fork_in_parent() {
  grace_periods.mutex().unlock();
  urcu_memb_call_rcu_after_fork_parent();
}

void after_fork_in_child() {
  grace_periods.mutex().unlock();
  urcu_memb_call_rcu_after_fork_child();
}

}  // namespace tp::rcu
