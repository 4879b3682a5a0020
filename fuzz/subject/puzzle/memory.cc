// Mistakes about when memory goes, and about who may compute a new array.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct FreedTooEarly : HostEnv {
  static void lock() {
    HostEnv::lock();
    for (const tp::Domain domain : tp::kAllDomains) begun[static_cast<std::size_t>(domain)] = snapshot(domain);
  }
  static void defer_free(Header* block, tp::Domains readers) { defer_free_since(block, readers, begun); }
  static inline std::array<GracePeriod, tp::kDomains> begun;
};

struct SyncWithoutWait : HostEnv {
  static void synchronize(tp::Domain) {}
};

struct NoMutex : HostEnv {
  static void lock() {}
  static void unlock() {}
};

TPFUZZ_TRACEPOINTS(FreedTooEarly, freed_too_early, pass);
TPFUZZ_TRACEPOINTS(SyncWithoutWait, sync_without_wait, pass);
TPFUZZ_TRACEPOINTS(NoMutex, no_mutex, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "freed-at-once",
     .mistake = "the old array is freed without a grace period",
     .found_by = "fault snapshot pairing",
     .found_by_asan = "address",
     .found_by_tsan = "race",
     .lines = "free: at-once\n",
     .make = in_protocol},
    {.name = "freed-too-early",
     .mistake = "the old array is freed after a grace period that began before the publish",
     .found_by = "fault snapshot pairing",
     .found_by_asan = "address",
     .found_by_tsan = "race",
     .make = make<FreedTooEarly, freed_too_early_rows>},
    {.name = "leaked",
     .mistake = "the old array is never freed",
     .found_by = "quiescent",
     .lines = "free: never\n",
     .make = in_protocol},
    {.name = "sync-without-wait",
     .mistake = "functions and data go without a grace period",
     .found_by = "grace",
     .found_by_tsan = "grace race",
     .make = make<SyncWithoutWait, sync_without_wait_rows>},
    {.name = "no-mutex",
     .mistake = "no mutex between two writers",
     .found_by = "hooks",
     .make = make<NoMutex, no_mutex_rows>},
};

}  // namespace

std::span<const Puzzle> memory() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
