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

#include "core/rcu.h"

namespace tp::rcu {
namespace {

std::mutex one_at_a_time;
std::atomic<unsigned long> started{0};
std::atomic<unsigned long> done{0};

// What liburcu orders: the end of a section happens before the end of a grace period that waited for it, and handing a
// block over happens before it is freed.
char sections;

}  // namespace

void read_lock() { urcu_memb_read_lock(); }

void read_unlock() {
  released(&sections);
  urcu_memb_read_unlock();
}

void synchronize() {
  const std::scoped_lock lock(one_at_a_time);
  // Sequentially consistent: pairs with the fence in snapshot(). A snapshot that still reads the old number was taken
  // before this grace period starts, so that this one may count for it.
  const unsigned long number = started.load(std::memory_order_relaxed) + 1;
  started.store(number, std::memory_order_seq_cst);
  urcu_memb_synchronize_rcu();
  acquired(&sections);
  // Release: pairs with poll()'s acquire; who sees the number sees what the readers left behind.
  done.store(number, std::memory_order_release);
}

Cookie snapshot() {
  // Orders the caller's stores (the publish) before the load: else a grace period that began before the publish
  // reached the other cores could count.
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return started.load(std::memory_order_seq_cst) + 1;
}

bool poll(Cookie cookie) {
  return static_cast<long>(done.load(std::memory_order_acquire) - cookie) >= 0;  // the counter may wrap
}

void await(Cookie cookie) {
  while (!poll(cookie)) synchronize();
}

unsigned long waited() { return done.load(std::memory_order_relaxed); }

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
  one_at_a_time.lock();
}

void after_fork_in_parent() {
  one_at_a_time.unlock();
  urcu_memb_call_rcu_after_fork_parent();
}

void after_fork_in_child() {
  one_at_a_time.unlock();
  urcu_memb_call_rcu_after_fork_child();
}

}  // namespace tp::rcu
