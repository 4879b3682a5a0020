// Numbered grace periods and their cookies, over a grace period that somebody else brings. The product's is liburcu's
// (rcu.cc), a test's is its own.
//
//   1. under a mutex: n = ++started
//   2. a grace period
//   3. done = n
//
// A cookie is started + 1: only a grace period that starts later counts, as one under way may have begun before a
// reader that the caller has to wait for. It is over once `done` has reached it. (The kernel's
// get_state_synchronize_rcu and cond_synchronize_rcu promise the same.)
//
// Thread-safe. `Domain` brings:
//
//   Atomic           of an unsigned long, with the functions of std::atomic
//   Mutex            with those of std::mutex
//   fence()          orders all accesses before it and after it
//   grace_period()   waits for one
#pragma once

#include <atomic>
#include <mutex>

#include "core/namespace.h"

namespace tpfuzz::internal::rcu {

template <class Domain>
class GracePeriods {
 public:
  using Cookie = unsigned long;

  constexpr explicit GracePeriods(Cookie first = 0) : started_{first}, done_{first} {}

  /// Waits for a full grace period.
  void synchronize() {
    const std::scoped_lock lock(mutex_);
    run();
  }

  /// A cookie for the state now.
  Cookie snapshot() {
    // Orders the caller's stores (the publish) before the load: else a grace period that began before the publish
    // reached the other cores could count.
    Domain::fence();
    return started_.load(std::memory_order_seq_cst) + 1;
  }

  /// Whether a full grace period has passed since `cookie` was taken.
  bool poll(Cookie cookie) const {
    return static_cast<long>(done_.load(std::memory_order_acquire) - cookie) >= 0;  // the counter may wrap
  }

  /// Waits until `poll(cookie)`: for one grace period, or for none if somebody else has waited for one meanwhile.
  void await(Cookie cookie) {
    if (poll(cookie)) return;
    const std::scoped_lock lock(mutex_);
    if (!poll(cookie)) run();
  }

  /// How many there have been.
  unsigned long count() const { return done_.load(std::memory_order_relaxed); }

  /// While it is held none is under way.
  typename Domain::Mutex& mutex() { return mutex_; }

 private:
  void run() {
    // Sequentially consistent: pairs with the fence in snapshot(). A snapshot that still reads the old number was taken
    // before this grace period starts, so that this one may count for it.
    const Cookie number = started_.load(std::memory_order_relaxed) + 1;
    started_.store(number, std::memory_order_seq_cst);
    Domain::grace_period();
    // Release: pairs with poll()'s acquire; who sees the number sees what the readers left behind.
    done_.store(number, std::memory_order_release);
  }

  typename Domain::Mutex mutex_;
  typename Domain::Atomic started_;
  typename Domain::Atomic done_;
};

}  // namespace tpfuzz::internal::rcu
