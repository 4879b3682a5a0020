// Mistakes about when memory goes, about who may compute a new array, and about sections.
#include <utility>

#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_env.h"

namespace tpfuzz {
namespace {

constinit Mistake freed_too_early{"freed-too-early",
                                  "the old array is freed after a grace period that began before the publish"};
constinit Mistake sync_without_wait{"sync-without-wait", "functions and data go without a grace period"};
constinit Mistake no_mutex{"no-mutex", "no mutex between two writers"};
constinit Mistake sections_do_not_nest{"sections-do-not-nest", "the end of a section within another one ends both"};

template <class T>
T& of(std::array<T, tp::kDomains>& each, tp::Domain domain) {
  return each[static_cast<std::size_t>(domain)];
}

}  // namespace

void MistakenEnv::lock() {
  if (!no_mutex.on()) HostEnv::lock();
  if (!freed_too_early.on()) return;
  for (const tp::Domain domain : tp::kAllDomains) of(mine().begun, domain) = snapshot(domain);
}

void MistakenEnv::unlock() {
  if (!no_mutex.on()) HostEnv::unlock();
  mistake::run_late_hooks();
}

void MistakenEnv::defer_free(Header* block, tp::Domains readers) {
  if (freed_too_early.on())
    HostEnv::defer_free_since(block, readers, mine().begun);
  else
    HostEnv::defer_free(block, readers);
}

void MistakenEnv::read_lock(tp::Domain domain) {
  if (!sections_do_not_nest.on() || !std::exchange(of(mine().inside, domain), true)) HostEnv::read_lock(domain);
}

void MistakenEnv::read_unlock(tp::Domain domain) {
  if (!sections_do_not_nest.on() || std::exchange(of(mine().inside, domain), false)) HostEnv::read_unlock(domain);
}

void mistake::sync(tp::Domains domains) {
  if (!sync_without_wait.on()) domains.for_each(&HostEnv::synchronize);
}

std::span<Mistake* const> mistake::of_memory() {
  static constexpr Mistake* kAll[] = {&freed_too_early, &sync_without_wait, &no_mutex, &sections_do_not_nest};
  return kAll;
}

}  // namespace tpfuzz
