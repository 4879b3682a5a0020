// A static key with a count of its users, as the kernel's static_key_slow_inc and static_key_slow_dec: the first user
// and the last one patch. Who comes in between takes no lock.
//
//   inc                                            dec
//   1. above 0: count + 1, done                    1. above 1: count - 1, done
//   2. the lock                                    2. the lock
//   3. 0: count = -1; patch; count = 1, done       3. count - 1; if that is 0: patch
//   4. count + 1
//
// -1 keeps others from step 1 until the branches are patched: so who returns from an inc finds them on. Two orders were
// gotten wrong (KeyRule, protocol.h):
//
//   count_first   inc's step 3 is `count = 1; patch`
//   count_tries   dec's step 3 is `if the count is 1: count = 0; patch`; else step 1 again, which may find 1 by then,
//   and
//                 the user is never taken off the count
//
// The steps with a lock may run beside those without one. What is not counted can't be taken off: `dec` of a key that
// nobody uses does nothing.
#pragma once

#include "core/env.h"
#include "core/points.h"
#include "core/protocol.h"
#include "core/static_key.h"

namespace tpfuzz::internal {

namespace detail {

template <class Env>
struct KeyLock {
  KeyLock() { Env::lock_keys(); }
  ~KeyLock() { Env::unlock_keys(); }
  KeyLock(const KeyLock&) = delete;
  KeyLock& operator=(const KeyLock&) = delete;
};

// Adds `change` to the count if that is above `limit`; returns whether it was. Release pairs with acquire: who counts
// on an earlier user finds what that user has patched.
template <class Words>
bool change_count_above(StaticKey<Words>& key, int limit, int change) {
  int users = key.count.load(std::memory_order_acquire);
  while (users > limit)
    if (key.count.compare_exchange_strong(users, users + change, std::memory_order_acq_rel)) return true;
  return false;
}

// Behind a change of the count, which decides that the branches change, too.
template <class Env>
void patch_counted(StaticKey<typename Env::Words>& key, bool on) {
  Env::point(Point::counted);
  static_key_set<Env>(key, on);
}

}  // namespace detail

/// One more user. When it returns, the branches are on, but under `count_first`. Thread-safe.
template <class Env>
void static_key_inc(StaticKey<typename Env::Words>& key, KeyRule rule) {
  if (detail::change_count_above(key, 0, 1)) return;
  const detail::KeyLock<Env> lock;
  if (rule == KeyRule::count_first) {
    if (key.count.fetch_add(1, std::memory_order_acq_rel) == 0) detail::patch_counted<Env>(key, true);
  } else if (key.count.load(std::memory_order_relaxed) == 0) {
    key.count.store(-1, std::memory_order_relaxed);
    detail::patch_counted<Env>(key, true);
    key.count.store(1, std::memory_order_release);
  } else {
    key.count.fetch_add(1, std::memory_order_acq_rel);
  }
}

/// One user less, of a key that has one. Thread-safe.
template <class Env>
void static_key_dec(StaticKey<typename Env::Words>& key, KeyRule rule) {
  if (detail::change_count_above(key, 1, -1)) return;
  const detail::KeyLock<Env> lock;
  if (rule == KeyRule::count_tries) {
    int last = 1;
    if (!key.count.compare_exchange_strong(last, 0, std::memory_order_acq_rel)) {
      detail::change_count_above(key, 1, -1);
      return;
    }
  } else {
    if (key.count.load(std::memory_order_relaxed) == 0) return;
    if (key.count.fetch_add(-1, std::memory_order_acq_rel) != 1) return;
  }
  detail::patch_counted<Env>(key, false);
}

}  // namespace tpfuzz::internal
