#include "fuzz/engine/real_domain.h"

#include <urcu/static/urcu-bp.h>
#include <urcu/static/urcu-mb.h>
#include <urcu/static/urcu-memb.h>
#include <urcu/static/urcu-qsbr.h>
#include <urcu/urcu-bp.h>
#include <urcu/urcu-mb.h>
#include <urcu/urcu-memb.h>
#include <urcu/urcu-qsbr.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <mutex>

#include "core/annotate.h"
#include "core/grace_periods.h"
#include "core/rcu.h"
#include "fuzz/subject/host.h"

// liburcu's header declares these for one flavour.
extern "C" {
void urcu_bp_call_rcu(rcu_head* head, void (*function)(rcu_head* head));
void urcu_bp_barrier();
void urcu_qsbr_call_rcu(rcu_head* head, void (*function)(rcu_head* head));
void urcu_qsbr_barrier();
}

namespace tpfuzz {
namespace {

template <tp::Domain domain>
unsigned long phase_of();
template <>
unsigned long phase_of<tp::Domain::rcu>() {
  return __atomic_load_n(&urcu_memb_gp.ctr, __ATOMIC_ACQUIRE) & URCU_GP_CTR_PHASE;
}
template <>
unsigned long phase_of<tp::Domain::tasks>() {
  return __atomic_load_n(&urcu_mb_gp.ctr, __ATOMIC_ACQUIRE) & URCU_GP_CTR_PHASE;
}

// One of the core's own.
template <tp::Domain domain>
class OfCore final : public RealDomain {
 public:
  void read_lock() override { tp::rcu::read_lock<domain>(); }
  void read_unlock() override { tp::rcu::read_unlock<domain>(); }
  void synchronize() override { tp::rcu::synchronize<domain>(); }
  unsigned long snapshot() override { return tp::rcu::snapshot<domain>(); }
  bool poll(unsigned long cookie) const override { return tp::rcu::poll<domain>(cookie); }
  void await(unsigned long cookie) override { tp::rcu::await<domain>(cookie); }
  unsigned long waited() const override { return tp::rcu::waited<domain>(); }
  void defer(rcu_head* head, void (*function)(rcu_head*)) override { tp::rcu::defer<domain>(head, function); }
  void defer_free(rcu_head* head) override { tp::rcu::defer_free<domain>(head); }
  void drain() override { tp::rcu::drain<domain>(); }
  unsigned long phase() const override { return phase_of<domain>(); }
};

// A flavour with the cookies of the core. `Flavour` brings enter, leave, wait, defer, drain and phase.
template <class Flavour>
class Flavoured final : public RealDomain {
 public:
  void read_lock() override { Flavour::enter(); }
  void read_unlock() override {
    tp::released(&sections_);
    Flavour::leave();
  }
  void synchronize() override { grace_periods_.synchronize(); }
  unsigned long snapshot() override { return grace_periods_.snapshot(); }
  bool poll(unsigned long cookie) const override { return grace_periods_.poll(cookie); }
  void await(unsigned long cookie) override { grace_periods_.await(cookie); }
  unsigned long waited() const override { return grace_periods_.count(); }
  void defer(rcu_head* head, void (*function)(rcu_head*)) override { Flavour::defer(head, function); }
  void defer_free(rcu_head* head) override {
    tp::released(&sections_);
    defer(head, [](rcu_head* its) {
      tp::acquired(&sections_);
      std::free(its);
    });
  }
  void drain() override {
    tp::ignore_begin();
    Flavour::drain();
    tp::ignore_end();
  }
  unsigned long phase() const override { return Flavour::phase(); }

 private:
  struct Domain {
    using Atomic = std::atomic<unsigned long>;
    using Mutex = std::mutex;
    static void fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }
    static void grace_period() {
      Flavour::wait();
      tp::acquired(&sections_);
    }
  };
  inline static char sections_;  // what liburcu orders, for ThreadSanitizer (core/rcu.cc)
  tp::rcu::GracePeriods<Domain> grace_periods_;
};

struct Bp {
  static void enter() { urcu_bp_read_lock(); }
  static void leave() { urcu_bp_read_unlock(); }
  static void wait() { urcu_bp_synchronize_rcu(); }
  static void defer(rcu_head* head, void (*function)(rcu_head*)) { urcu_bp_call_rcu(head, function); }
  static void drain() { urcu_bp_barrier(); }
  static unsigned long phase() { return __atomic_load_n(&urcu_bp_gp.ctr, __ATOMIC_ACQUIRE) & URCU_BP_GP_CTR_PHASE; }
};

struct Qsbr {
  static constinit inline thread_local int depth = 0;
  static void enter() {
    if (depth++ == 0) urcu_qsbr_thread_online();
  }
  static void leave() {
    if (--depth == 0) urcu_qsbr_thread_offline();
  }
  static void wait() { urcu_qsbr_synchronize_rcu(); }
  static void defer(rcu_head* head, void (*function)(rcu_head*)) { urcu_qsbr_call_rcu(head, function); }
  static void drain() { urcu_qsbr_barrier(); }
  static unsigned long phase() { return __atomic_load_n(&urcu_qsbr_gp.ctr, __ATOMIC_ACQUIRE); }
};

}  // namespace

RealDomain& real_domain(int domain) {
  // Never destroyed: threads end while the process exits.
  static const auto domains = std::array<RealDomain*, 4>{new OfCore<tp::Domain::rcu>, new OfCore<tp::Domain::tasks>,
                                                         new Flavoured<Bp>, new Flavoured<Qsbr>};
  return *domains[static_cast<std::size_t>(domain)];
}

void drain_domains() {
  for (int domain = 0; domain < kDomains; ++domain) real_domain(domain).drain();
}

RealReader::RealReader() {
  urcu_qsbr_register_thread();
  urcu_qsbr_thread_offline();
}

RealReader::~RealReader() {
  urcu_qsbr_thread_online();
  urcu_qsbr_unregister_thread();
}

}  // namespace tpfuzz
