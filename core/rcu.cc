// liburcu's sections in line in this file: without a call through the PLT and a search for thread-local storage, a
// section costs 2 ns and not 8. Under ThreadSanitizer, which sees liburcu by its calls, they stay calls.
#include "core/annotate.h"
#ifndef TPFUZZ_INTERNAL_TSAN
#define _LGPL_SOURCE
#endif
#include <atomic>
#include <cstdlib>
#include <mutex>

#include "core/grace_periods.h"
#include "core/rcu.h"
#include "core/reader_thread.h"

// liburcu's header declares these for memb.
extern "C" {
void urcu_mb_call_rcu(rcu_head* head, void (*function)(rcu_head* head));
void urcu_mb_barrier();
void urcu_mb_call_rcu_before_fork();
void urcu_mb_call_rcu_after_fork_parent();
void urcu_mb_call_rcu_after_fork_child();
}

namespace tpfuzz::internal::rcu {
namespace {

// The flavour of a domain.
template <Domain domain>
struct Flavour;

template <>
struct Flavour<Domain::rcu> {
  static void enter() { urcu_memb_read_lock(); }
  static void leave() { urcu_memb_read_unlock(); }
  static void wait() { urcu_memb_synchronize_rcu(); }
  static void defer(Header* header, void (*function)(Header*)) { urcu_memb_call_rcu(header, function); }
  static void drain() { urcu_memb_barrier(); }
};

template <>
struct Flavour<Domain::tasks> {
  static void enter() { urcu_mb_read_lock(); }
  static void leave() { urcu_mb_read_unlock(); }
  static void wait() { urcu_mb_synchronize_rcu(); }
  static void defer(Header* header, void (*function)(Header*)) { urcu_mb_call_rcu(header, function); }
  static void drain() { urcu_mb_barrier(); }
};

// What liburcu orders: the end of a section happens before the end of a grace period that waited for it, and handing a
// block over happens before it is freed.
template <Domain domain>
char sections;

template <Domain domain>
struct Liburcu {
  using Atomic = std::atomic<unsigned long>;
  using Mutex = std::mutex;
  static void fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }
  static void grace_period() {
    enlist_if_new<domain>();  // a signal handler may hit while liburcu holds the lock of its list
    Flavour<domain>::wait();
    acquired(&sections<domain>);
  }
};

template <Domain domain>
constinit GracePeriods<Liburcu<domain>> grace_periods;

}  // namespace

void register_thread() {
  enlist_if_new<Domain::rcu>();
  enlist_if_new<Domain::tasks>();
}

template <Domain domain>
void read_lock() {
  enlist_if_new<domain>();
  Flavour<domain>::enter();
}

template <Domain domain>
void read_unlock() {
  released(&sections<domain>);
  Flavour<domain>::leave();
}

template <Domain domain>
void synchronize() {
  grace_periods<domain>.synchronize();
}

template <Domain domain>
Cookie snapshot() {
  return grace_periods<domain>.snapshot();
}

template <Domain domain>
bool poll(Cookie cookie) {
  return grace_periods<domain>.poll(cookie);
}

template <Domain domain>
void await(Cookie cookie) {
  grace_periods<domain>.await(cookie);
}

template <Domain domain>
unsigned long waited() {
  return grace_periods<domain>.count();
}

template <Domain domain>
void defer(Header* header, void (*function)(Header*)) {
  Flavour<domain>::defer(header, function);
}

template <Domain domain>
void defer_free(Header* header) {
  released(&sections<domain>);  // the caller's part in the block, too
  defer<domain>(header, [](Header* head) {
    acquired(&sections<domain>);
    std::free(head);
  });
}

void defer_free(Header* header, Domains domains) {
  if (domains.empty()) return std::free(header);
  if (domains == Domain::rcu) return defer_free<Domain::rcu>(header);
  if (domains == Domain::tasks) return defer_free<Domain::tasks>(header);
  released(&sections<Domain::rcu>);  // as in defer_free of one domain
  defer<Domain::rcu>(header, [](Header* head) {
    acquired(&sections<Domain::rcu>);
    defer_free<Domain::tasks>(head);
  });
}

Domains outstanding(Domains domains, const std::array<Cookie, kDomains>& cookies) {
  Domains left;
  domains.for_each([&](Domain domain) {
    const Cookie cookie = cookies[static_cast<std::size_t>(domain)];
    if (!(domain == Domain::rcu ? poll<Domain::rcu>(cookie) : poll<Domain::tasks>(cookie))) left |= domain;
  });
  return left;
}

// liburcu allocates here what its own thread frees.
template <Domain domain>
void drain() {
  ignore_begin();
  Flavour<domain>::drain();
  ignore_end();
}

#define TP_RCU_DOMAIN(DOMAIN)                              \
  template void read_lock<DOMAIN>();                       \
  template void read_unlock<DOMAIN>();                     \
  template void synchronize<DOMAIN>();                     \
  template Cookie snapshot<DOMAIN>();                      \
  template bool poll<DOMAIN>(Cookie);                      \
  template void await<DOMAIN>(Cookie);                     \
  template unsigned long waited<DOMAIN>();                 \
  template void defer<DOMAIN>(Header*, void (*)(Header*)); \
  template void defer_free<DOMAIN>(Header*);               \
  template void drain<DOMAIN>()
TP_RCU_DOMAIN(Domain::rcu);
TP_RCU_DOMAIN(Domain::tasks);
#undef TP_RCU_DOMAIN

void drain() {
  drain<Domain::rcu>();
  drain<Domain::tasks>();
}

void before_fork() {
  urcu_memb_call_rcu_before_fork();
  urcu_mb_call_rcu_before_fork();
  grace_periods<Domain::rcu>.mutex().lock();
  grace_periods<Domain::tasks>.mutex().lock();
  lock_threads();
}

void after_fork_in_parent() {
  unlock_threads();
  grace_periods<Domain::tasks>.mutex().unlock();
  grace_periods<Domain::rcu>.mutex().unlock();
  urcu_mb_call_rcu_after_fork_parent();
  urcu_memb_call_rcu_after_fork_parent();
}

void after_fork_in_child() {
  forget_other_threads();
  unlock_threads();
  grace_periods<Domain::tasks>.mutex().unlock();
  grace_periods<Domain::rcu>.mutex().unlock();
  urcu_mb_call_rcu_after_fork_child();
  urcu_memb_call_rcu_after_fork_child();
}

}  // namespace tpfuzz::internal::rcu
