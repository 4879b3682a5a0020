// The types of shared words (shared_words.h) of an Env that sees each access: before each load and store
// `E::access(Point)` is called with the access point of points.def. Whoever delays a CPU there splits what the core
// writes on one line.
#pragma once

#include <atomic>

#include "core/points.h"

namespace tpfuzz::internal {

/// The access point where a word of `what` (a bit of `touched`) is loaded or stored.
consteval Point access_point(PointKind kind, unsigned what) {
  for (int i = 0; i < kPoints; ++i) {
    const auto point = static_cast<Point>(i);
    if (is_access(point) && row(point).kind == kind && row(point).touches == what) return point;
  }
  throw "points.def has no access point for this word";
}

template <class E, unsigned what>
class WatchedAccess {
 protected:
  static void loads() { E::access(access_point(PointKind::load, what)); }
  static void stores() { E::access(access_point(PointKind::store, what)); }
};

/// As std::atomic. A read-modify-write is one store.
template <class E, class T, unsigned what>
class WatchedAtomic : WatchedAccess<E, what> {
 public:
  constexpr WatchedAtomic(T value) : word_(value) {}

  T load(std::memory_order order = std::memory_order_seq_cst) const {
    this->loads();
    return word_.load(order);
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst) {
    this->stores();
    word_.store(value, order);
  }
  T fetch_add(T value, std::memory_order order = std::memory_order_seq_cst) {
    this->stores();
    return word_.fetch_add(value, order);
  }
  bool compare_exchange_strong(T& expected, T value, std::memory_order order = std::memory_order_seq_cst) {
    this->stores();
    return word_.compare_exchange_strong(expected, value, order);
  }
  operator T() const { return load(); }

 private:
  std::atomic<T> word_;
};

/// As std::atomic_ref.
template <class E, class T, unsigned what>
class WatchedAtomicRef : WatchedAccess<E, what> {
 public:
  explicit WatchedAtomicRef(T& word) : word_(word) {}

  T load(std::memory_order order = std::memory_order_seq_cst) const {
    this->loads();
    return word_.load(order);
  }
  void store(T value, std::memory_order order = std::memory_order_seq_cst) const {
    this->stores();
    word_.store(value, order);
  }

 private:
  std::atomic_ref<T> word_;
};

/// A word without any order: a data race on this word stays one.
template <class E, class T, unsigned what>
class WatchedPlain : WatchedAccess<E, what> {
 public:
  constexpr WatchedPlain(T value) : word_(value) {}

  WatchedPlain& operator=(T value) {
    this->stores();
    word_ = value;
    return *this;
  }
  operator T() const {
    this->loads();
    return word_;
  }

 private:
  T word_;
};

/// The Words of such an Env.
template <class E>
struct WatchedWords {
  template <class T, unsigned what>
  using Atomic = WatchedAtomic<E, T, what>;
  template <class T, unsigned what>
  using AtomicRef = WatchedAtomicRef<E, T, what>;
  template <class T, unsigned what>
  using Plain = WatchedPlain<E, T, what>;
};

}  // namespace tpfuzz::internal
