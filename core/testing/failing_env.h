// An Env for tests on one thread: allocations fail when told to, and a deferred free is immediate, so that whoever
// still uses the old array is caught by AddressSanitizer.
#pragma once

#include <cstdlib>

#include "core/seeded_fault.h"
#include "core/tracepoint.h"

namespace tpfuzz::internal {

struct FailingEnv : NativeEnv {
  static inline int fail_at = 0;    ///< the K-th allocation from now on fails; 0: none
  static inline int allocated = 0;  ///< how many did not fail
  static inline int freed = 0;

  static Header* allocate(std::size_t size) {
    if (fail_at == 1) {
      fail_at = 0;
      return nullptr;
    }
    if (fail_at > 1) --fail_at;
    ++allocated;
    return NativeEnv::allocate(size);
  }
  static void defer_free(Header* header, Domains /*at_once*/) {
    ++freed;
    std::free(header);
  }
  static void defer_free_since(Header* header, Domains domains, const std::array<Cookie, kDomains>& /*at_once*/) {
    defer_free(header, domains);
  }
  template <class E>
  static void found_null() {
    fault_if_trusting<E>();
  }
  static void start_worker(Worker<FailingEnv>& worker) { worker.run_once(); }
  static void await_worker(Worker<FailingEnv>& /*idle*/) {}
};

static_assert(Env<FailingEnv>);

}  // namespace tpfuzz::internal
