// The types of the words that CPUs share, as the product has them. An Env (env.h) brings these types, so that a harness
// can see each access: what is written once in the core is a point of every schedule there.
//
//   Atomic<T, touched>     a word that readers and writers access; the interface of std::atomic
//   AtomicRef<T, touched>  the same over a word of type T; the interface of std::atomic_ref
//   Plain<T, touched>      a word that is written before it is published, or under the registration mutex; converts
//                          from and to T
//
// `touched` is a bit of internal::touched (points.h).
#pragma once

#include <atomic>

#include "core/namespace.h"

namespace tpfuzz::internal {

struct SharedWords {
  template <class T, unsigned touched>
  using Atomic = std::atomic<T>;
  template <class T, unsigned touched>
  using AtomicRef = std::atomic_ref<T>;
  template <class T, unsigned touched>
  using Plain = T;
};

}  // namespace tpfuzz::internal
