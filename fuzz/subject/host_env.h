// The Env of the core under test: everything goes to the Host. The hooks of a tracepoint have its number as context.
// The domain of a tracepoint's readers is what its state says while it runs: a sequence declares it.
#pragma once

#include <boost/container/static_vector.hpp>

#include "core/env.h"
#include "core/seeded_fault.h"
#include "core/sites.h"
#include "core/watched_words.h"
#include "core/worker.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/host_access.h"
#include "fuzz/subject/point_log.h"
#include "fuzz/subject/trap_handler.h"

namespace tpfuzz {

struct HostEnv {
  using Words = tp::WatchedWords<HostAccess>;
  static void point(tp::Point point) { pass_point(point); }
  static void works_on(const auto& state) { host().works_on(*static_cast<const int*>(state.hooks.context)); }
  static void lock() { host().lock(kRegistrations); }
  static void unlock() { host().unlock(kRegistrations); }
  static void lock_keys() { host().lock(kKeys); }
  static void unlock_keys() { host().unlock(kKeys); }
  static tp::Domain readers_of(const auto& state, tp::Domain /*declared*/) { return state.readers; }
  static void read_lock(tp::Domain domain) { host().read_lock(number_of(domain)); }
  static void read_unlock(tp::Domain domain) { host().read_unlock(number_of(domain)); }
  static void synchronize(tp::Domain domain) { host().synchronize(number_of(domain)); }
  using Cookie = GracePeriod;
  static Cookie snapshot(tp::Domain domain) { return host().snapshot(number_of(domain)); }
  static void await(const Cookie& cookie, tp::Domain /*the cookie's*/) { host().await(cookie); }
  template <class E>  // of an Env that differs from this one in something else, too
  static void start_worker(tp::Worker<E>&) {
    host().start_worker();
  }
  template <class E>
  static void await_worker(tp::Worker<E>&) {
    host().await_worker();
  }
  struct PatchLock {
    PatchLock() {
      if (patches_meet()) [[unlikely]]
        host().lock(kPatches);
      host().patching(PatchMoment::begins);
    }
    ~PatchLock() {
      host().patching(PatchMoment::ends);
      if (patches_meet()) [[unlikely]]
        host().unlock(kPatches);
    }
    PatchLock(const PatchLock&) = delete;
    PatchLock& operator=(const PatchLock&) = delete;
  };
  class Update {
   public:
    template <class Encode>
    Update(const tp::Site* first, Encode encode) {
      if (!traps_.keeps()) [[likely]]
        return;
      traps_.begin();
      for (const tp::Site* site = first; site != nullptr; site = site->next) traps_.add(*site, encode(*site));
      traps_.publish();
    }
    ~Update() {
      if (traps_.keeps()) [[unlikely]]
        traps_.retire();
    }
    Update(const Update&) = delete;
    Update& operator=(const Update&) = delete;

   private:
    TrapHandler& traps_ = TrapHandler::instance();
  };
  static void patch_barrier() {
    host().patching(PatchMoment::barrier);
    TrapHandler::instance().trapped();
  }
  using Header = Block;
  static Block* allocate(std::size_t size) { return host().allocate(size); }
  static void defer_free(Header* block, tp::Domains domains) {
    std::array<Cookie, tp::kDomains> now{};
    domains.for_each([&](tp::Domain domain) { now[static_cast<std::size_t>(domain)] = snapshot(domain); });
    defer_free_since(block, domains, now);
  }
  static void defer_free_since(Header* block, tp::Domains domains, const std::array<Cookie, tp::kDomains>& cookies) {
    boost::container::static_vector<Cookie, tp::kDomains> all;
    domains.for_each([&](tp::Domain domain) { all.push_back(cookies[static_cast<std::size_t>(domain)]); });
    host().defer_free(block, {all.data(), all.size()});
  }
  template <class E>
  static void found_null() {
    tp::fault_if_trusting<E>();
  }
  static tp::Protocol protocol() { return tp::shipped_protocol(tp::kDefaultProtocol); }
  static std::optional<std::string> prepare() { return tp::prepare_sites(); }
};

static_assert(tp::Env<HostEnv>);

}  // namespace tpfuzz
