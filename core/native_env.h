// The product's Env: liburcu, membarrier, points that compile to nothing.
#pragma once

#include <cstdlib>
#include <new>

#include "core/env.h"
#include "core/rcu.h"
#include "core/text.h"
#include "core/worker.h"

namespace tp {

struct NativeEnv {
  using Words = SharedWords;

  static void point(Point) {}
  static void works_on(const auto& /*state*/) {}

  static void lock();
  static void unlock();

  static void read_lock() { rcu::read_lock(); }
  static void read_unlock() { rcu::read_unlock(); }

  static void synchronize() { rcu::synchronize(); }
  using Cookie = rcu::Cookie;
  static Cookie snapshot() { return rcu::snapshot(); }
  static void await(Cookie cookie) { rcu::await(cookie); }

  static void start_worker(Worker<NativeEnv>& worker);
  static void await_worker(Worker<NativeEnv>& worker);

  using PatchLock = text::Lock;
  /// membarrier(PRIVATE_EXPEDITED_SYNC_CORE): every core that runs this process executes a core-serialising
  /// instruction before it returns to user space. Ends the program if the system refuses.
  static void patch_barrier();

  using Header = rcu::Header;
  static Header* allocate(std::size_t size) {
    void* const memory = std::malloc(size);
    return memory != nullptr ? ::new (memory) Header{} : nullptr;
  }
  static void defer_free(Header* header) { rcu::defer_free(header); }

  /// Makes the process ready: finds and maps the sites, asks for what `patch_barrier` needs. The first call does the
  /// work; thread-safe. Returns nothing, or one line that says what the system refused.
  static std::optional<std::string> prepare();
};

static_assert(Env<NativeEnv>);

}  // namespace tp
