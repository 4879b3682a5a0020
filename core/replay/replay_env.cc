#include <cstdlib>
#include <new>

#include "core/replay/replay_state.h"
#include "core/seeded_fault.h"

namespace tpfuzz::replay {
namespace {

Sections& inside(Domain domain) { return the_replay().all_inside[static_cast<std::size_t>(domain)]; }

bool is_over(const Sections& grace_period, Domain domain) {
  for (std::size_t cpu = 0; cpu < kCpus; ++cpu)
    if (grace_period[cpu] != 0 && grace_period[cpu] == inside(domain)[cpu]) return false;
  return true;
}

void free_deferred() {
  std::erase_if(the_replay().deferred, [](const Deferred& each) {
    bool over = true;
    each.readers.for_each(
        [&](Domain domain) { over &= is_over(each.grace_periods[static_cast<std::size_t>(domain)], domain); });
    if (!over) return false;
    std::free(each.block);
    return true;
  });
}

}  // namespace

void ReplayEnv::point(Point point) {
  if (me == kNobody) return;
  CpuState& its = self();
  if (point == Point::begun) {
    const std::vector<Probe>& list = model().versions.back().list;
    its.plan = its.registers ? plan_registration(its, list)
                             : plan_removal(its, list, Registry::instance().protocol().enomem_fails);
  }
  if (point == Point::publish) commit();
  if (point == Point::enable_key) model().key_off = false;
  if (point == internal::before(Point::disable_key)) {
    model().key_off = true;
    for (CpuState& other : the_replay().cpus) other.key_was_off |= other.options.tracepoint == its.options.tracepoint;
  }
  if (point == Point::dispatched) its.dispatched = true;
  pass(point);
}

void ReplayEnv::access(Point point) {
  if (me != kNobody && !looks_around() && !self().completed) pass(point);
}

void ReplayEnv::lock() {
  wait_until([] { return !the_replay().mutex_held; });
  the_replay().mutex_held = true;
}

void ReplayEnv::unlock() { the_replay().mutex_held = false; }

void ReplayEnv::read_lock(Domain domain) { inside(domain)[me] = ++the_replay().sections; }

void ReplayEnv::read_unlock(Domain domain) {
  judge_hit();
  inside(domain)[me] = 0;
  free_deferred();
}

void ReplayEnv::synchronize(Domain domain) { await(inside(domain), domain); }

ReplayEnv::Cookie ReplayEnv::snapshot(Domain domain) { return inside(domain); }

void ReplayEnv::await(const Cookie& cookie, Domain domain) {
  wait_until([grace_period = cookie, domain] { return is_over(grace_period, domain); });
}

void ReplayEnv::await_worker(internal::Worker<ReplayEnv>& worker) {
  wait_until([&worker] { return !worker.outstanding(); });
}

ReplayEnv::Header* ReplayEnv::allocate(std::size_t size) {
  if (++self().allocations == self().options.fail) return nullptr;
  void* const memory = std::malloc(size);
  return memory != nullptr ? ::new (memory) Header{} : nullptr;
}

void ReplayEnv::defer_free(Header* block, Domains readers) {
  defer_free_since(block, readers, the_replay().all_inside);
}

void ReplayEnv::defer_free_since(Header* block, Domains readers,
                                 const std::array<Cookie, internal::kDomains>& cookies) {
  the_replay().deferred.push_back({block, readers, cookies});
  free_deferred();
}

void ReplayEnv::faults_if_trusting() { internal::fault_if_trusting<ReplayEnv>(); }

internal::Protocol ReplayEnv::protocol() { return internal::shipped_protocol(internal::kDefaultProtocol); }

}  // namespace tpfuzz::replay
