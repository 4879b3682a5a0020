// The product's Env: liburcu, membarrier, points that compile to nothing.
#pragma once

#include <cstdlib>
#include <new>

#include "core/env.h"
#include "core/protocol.h"
#include "core/rcu.h"
#include "core/text.h"
#include "core/worker.h"

namespace tpfuzz::internal {

struct NativeEnv {
  using Words = SharedWords;

  static void point(Point) {}
  static void works_on(const auto& /*state*/) {}

  static void lock();
  static void unlock();
  static void lock_keys();
  static void unlock_keys();

  /// Known when it is compiled: a hit makes no decision.
  static constexpr Domain readers_of(const auto& /*state*/, Domain declared) { return declared; }

  static void read_lock(Domain domain) {
    domain == Domain::rcu ? rcu::read_lock<Domain::rcu>() : rcu::read_lock<Domain::tasks>();
  }
  static void read_unlock(Domain domain) {
    domain == Domain::rcu ? rcu::read_unlock<Domain::rcu>() : rcu::read_unlock<Domain::tasks>();
  }

  static void synchronize(Domain domain) {
    domain == Domain::rcu ? rcu::synchronize<Domain::rcu>() : rcu::synchronize<Domain::tasks>();
  }
  using Cookie = rcu::Cookie;
  static Cookie snapshot(Domain domain) {
    return domain == Domain::rcu ? rcu::snapshot<Domain::rcu>() : rcu::snapshot<Domain::tasks>();
  }
  static void await(Cookie cookie, Domain domain) {
    domain == Domain::rcu ? rcu::await<Domain::rcu>(cookie) : rcu::await<Domain::tasks>(cookie);
  }

  static void start_worker(Worker<NativeEnv>& worker);
  static void await_worker(Worker<NativeEnv>& worker);

  using PatchLock = text::Lock;
  struct Update {  // the trap handler needs to know nothing of it
    constexpr Update(const Site* /*first*/, const auto& /*encode*/) {}
  };
  /// membarrier(PRIVATE_EXPEDITED_SYNC_CORE): every core that runs this process executes a core-serialising
  /// instruction before it returns to user space. Ends the program if the system refuses.
  static void patch_barrier();

  using Header = rcu::Header;
  static Header* allocate(std::size_t size) {
    void* const memory = std::malloc(size);
    return memory != nullptr ? ::new (memory) Header{} : nullptr;
  }
  static void defer_free(Header* header, Domains domains) { rcu::defer_free(header, domains); }
  /// liburcu frees nothing by a cookie: where the cookie's grace period is still to come, the block goes after a whole
  /// one that begins now, which is later, and never too early.
  static void defer_free_since(Header* header, Domains domains, const std::array<Cookie, kDomains>& cookies) {
    rcu::defer_free(header, rcu::outstanding(domains, cookies));
  }

  template <class E>
  static void found_null() {}
  static Protocol protocol();

  /// Makes the process ready: finds and maps the sites, asks for what `patch_barrier` needs. The first call does the
  /// work; thread-safe. Returns nothing, or one line that says what the system refused.
  static std::optional<std::string> prepare();
};

static_assert(Env<NativeEnv>);

}  // namespace tpfuzz::internal
