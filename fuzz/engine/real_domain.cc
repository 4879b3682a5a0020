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
#include <mutex>

#include "core/annotate.h"
#include "core/grace_periods.h"
#include "core/rcu.h"

namespace tpfuzz {
namespace {

struct Memb final : RealDomain {
  void read_lock() override { tp::rcu::read_lock(); }
  void read_unlock() override { tp::rcu::read_unlock(); }
  void synchronize() override { tp::rcu::synchronize(); }
  unsigned long snapshot() override { return tp::rcu::snapshot(); }
  bool poll(unsigned long cookie) const override { return tp::rcu::poll(cookie); }
  void await(unsigned long cookie) override { tp::rcu::await(cookie); }
  unsigned long waited() const override { return tp::rcu::waited(); }
  unsigned long phase() const override {
    return __atomic_load_n(&urcu_memb_gp.ctr, __ATOMIC_ACQUIRE) & URCU_GP_CTR_PHASE;
  }
};

// A flavour with the cookies of the core. `Flavour` brings enter, leave, wait and phase.
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

struct Mb {
  static void enter() { urcu_mb_read_lock(); }
  static void leave() { urcu_mb_read_unlock(); }
  static void wait() { urcu_mb_synchronize_rcu(); }
  static unsigned long phase() { return __atomic_load_n(&urcu_mb_gp.ctr, __ATOMIC_ACQUIRE) & URCU_GP_CTR_PHASE; }
};

struct Bp {
  static void enter() { urcu_bp_read_lock(); }
  static void leave() { urcu_bp_read_unlock(); }
  static void wait() { urcu_bp_synchronize_rcu(); }
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
  static unsigned long phase() { return __atomic_load_n(&urcu_qsbr_gp.ctr, __ATOMIC_ACQUIRE); }
};

}  // namespace

RealDomain& real_domain(int domain) {
  // Never destroyed: threads end while the process exits.
  static const auto domains =
      std::array<RealDomain*, 4>{new Memb, new Flavoured<Mb>, new Flavoured<Bp>, new Flavoured<Qsbr>};
  return *domains[static_cast<std::size_t>(domain)];
}

RealReader::RealReader() {
  urcu_mb_register_thread();
  urcu_qsbr_register_thread();
  urcu_qsbr_thread_offline();
}

RealReader::~RealReader() {
  urcu_mb_unregister_thread();
  urcu_qsbr_thread_online();
  urcu_qsbr_unregister_thread();
}

}  // namespace tpfuzz
