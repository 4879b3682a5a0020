// The Env of the core under test: everything goes to the Host. The hooks of a tracepoint have its number as context.
#pragma once

#include "core/env.h"
#include "core/sites.h"
#include "core/watched_words.h"
#include "core/worker.h"
#include "fuzz/subject/host.h"
#include "fuzz/subject/point_log.h"

namespace tpfuzz {

struct HostEnv {
  using Words = tp::WatchedWords<HostEnv>;
  static void point(tp::Point point) { pass_point(point); }
  static void access(tp::Point point) {
    if (accesses_are_points()) [[unlikely]]
      host().access(point);
  }
  static void works_on(const auto& state) { host().works_on(*static_cast<const int*>(state.hooks.context)); }
  static void lock() { host().lock(kRegistrations); }
  static void unlock() { host().unlock(kRegistrations); }
  static void read_lock() { host().read_lock(kRegistrations); }
  static void read_unlock() { host().read_unlock(kRegistrations); }
  static void synchronize() { host().synchronize(kRegistrations); }
  using Cookie = GracePeriod;
  static Cookie snapshot() { return host().snapshot(kRegistrations); }
  static void await(const Cookie& cookie) { host().await(cookie); }
  template <class E>  // of an Env that differs from this one in something else, too
  static void start_worker(tp::Worker<E>&) {
    host().start_worker();
  }
  template <class E>
  static void await_worker(tp::Worker<E>&) {
    host().await_worker();
  }
  struct PatchLock {  // the registration mutex keeps patches apart
    PatchLock() { host().patching(PatchMoment::begins); }
    ~PatchLock() { host().patching(PatchMoment::ends); }
    PatchLock(const PatchLock&) = delete;
    PatchLock& operator=(const PatchLock&) = delete;
  };
  static void patch_barrier() { host().patching(PatchMoment::barrier); }
  using Header = Block;
  static Block* allocate(std::size_t size) { return host().allocate(size); }
  static void defer_free(Header* block) { host().defer_free(block, host().snapshot(kRegistrations)); }
  static std::optional<std::string> prepare() { return tp::prepare_sites(); }
};

static_assert(tp::Env<HostEnv>);

}  // namespace tpfuzz
