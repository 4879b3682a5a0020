// The array of probes that a tracepoint publishes: highest priority first, first come first among equals, ended by an
// entry without a function. Computed by copying, as readers run through the published one. What happens to duplicates,
// absent probes, the NULL function and a failed allocation is what the kernel does (v6.12, func_add and func_remove).
#pragma once

#include <array>
#include <cerrno>
#include <cstddef>
#include <new>
#include <span>

#include "core/domain.h"
#include "core/static_call.h"

namespace tpfuzz::internal {

inline constexpr int kDefaultPriority = 10;

struct Probe {
  Function func = nullptr;
  void* data = nullptr;
  int prio = kDefaultPriority;

  /// The same registration, whatever its priority.
  bool same(const Probe& other) const { return func == other.func && data == other.data; }
};

/// One entry of a published array.
template <class Words>
struct Entry {
  /// Atomic, as a stub is put into a published array. nullptr ends the array.
  typename Words::template Atomic<Function, touched::entry> func;
  typename Words::template Plain<void*, touched::entry> data;
  typename Words::template Plain<int, touched::entry> prio;

  /// Relaxed: the array came through an acquire of `funcs`, and a stub carries no data of its own.
  Function function() const { return func.load(std::memory_order_relaxed); }
};

/// Stands in a published array for a probe that was removed without memory for a new array. Not called; it does not
/// count, and goes with the next new array.
inline void stub() {}

/// How many probes an array holds; nullptr is the empty array. Stubs do not count.
template <class Words>
int count(const Entry<Words>* array) {
  int probes = 0;
  if (array != nullptr)
    for (; array->function() != nullptr; ++array) probes += array->function() != &stub;
  return probes;
}

/// Arrays of one Env: a Header for the deferred free in front, then the entries.
template <class Env>
class Arrays {
 public:
  using Entry = internal::Entry<typename Env::Words>;

  /// The array after `probe` was added to `old`. Returns 0 and the array in `fresh`, or -EINVAL (no function),
  /// -EEXIST (registered already) or -ENOMEM.
  static int insert(const Entry* old, const Probe& probe, Entry*& fresh) {
    if (probe.func == nullptr) return -EINVAL;
    if (contains(old, probe)) return -EEXIST;
    fresh = allocate(count(old) + 1);
    if (fresh == nullptr) return -ENOMEM;
    Entry* out = fresh;
    bool placed = false;
    if (old != nullptr)
      for (; old->function() != nullptr; ++old) {
        if (old->function() == &stub) continue;
        if (!placed && old->prio < probe.prio) placed = put(out, probe);
        put(out, probe_of(*old));
      }
    if (!placed) put(out, probe);
    return 0;
  }

  /// The array after `probes` were removed from `old`; a probe that is not there is no error, as long as something
  /// is. A probe without a function removes everything. Returns 0 and the array in `fresh` (nullptr if nothing is
  /// left), or -ENOENT if `old` is empty. Without memory: -ENOMEM if `fails`, else 0, `fresh` is `old`, and stubs
  /// stand in for the removed probes.
  static int remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
    if (old == nullptr) return -ENOENT;
    int left = 0;
    for (const Entry* entry = old; entry->function() != nullptr; ++entry) left += stays(*entry, probes);
    fresh = nullptr;
    if (left == 0) return 0;
    fresh = allocate(left);
    if (fresh == nullptr) {
      if (fails) return -ENOMEM;
      for (Entry* entry = old; entry->function() != nullptr; ++entry)
        if (!stays(*entry, probes)) entry->func.store(&stub, std::memory_order_relaxed);
      fresh = old;
      return 0;
    }
    Entry* out = fresh;
    for (const Entry* entry = old; entry->function() != nullptr; ++entry)
      if (stays(*entry, probes)) put(out, probe_of(*entry));
    return 0;
  }

  /// Frees `array` after a grace period of all `readers`, who may hold it; nullptr is nothing.
  static void defer_free(Entry* array, Domains readers) {
    if (array != nullptr) Env::defer_free(header(array), readers);
  }

  /// Frees it once a grace period of all `readers` has passed since their cookies were taken.
  static void defer_free_since(Entry* array, Domains readers,
                               const std::array<typename Env::Cookie, kDomains>& cookies) {
    if (array != nullptr) Env::defer_free_since(header(array), readers, cookies);
  }

 private:
  static typename Env::Header* header(Entry* array) {
    return reinterpret_cast<typename Env::Header*>(reinterpret_cast<std::byte*>(array) - kOffset);
  }

  static constexpr std::size_t kOffset =
      (sizeof(typename Env::Header) + alignof(Entry) - 1) / alignof(Entry) * alignof(Entry);

  // Room for `probes` entries and the end, which is written; or nullptr.
  static Entry* allocate(int probes) {
    const auto entries = static_cast<std::size_t>(probes) + 1;
    typename Env::Header* const block = Env::allocate(kOffset + entries * sizeof(Entry));
    if (block == nullptr) return nullptr;
    auto* array = reinterpret_cast<Entry*>(reinterpret_cast<std::byte*>(block) + kOffset);
    for (std::size_t i = 0; i < entries; ++i) ::new (static_cast<void*>(array + i)) Entry{nullptr, nullptr, 0};
    return array;
  }

  static bool put(Entry*& out, const Probe& probe) {
    out->func.store(probe.func, std::memory_order_relaxed);
    out->data = probe.data;
    out->prio = probe.prio;
    ++out;
    return true;
  }

  static Probe probe_of(const Entry& entry) { return {entry.function(), entry.data, entry.prio}; }

  static bool contains(const Entry* array, const Probe& probe) {
    if (array == nullptr) return false;
    for (; array->function() != nullptr; ++array)
      if (probe.same(probe_of(*array))) return true;
    return false;
  }

  static bool stays(const Entry& entry, std::span<const Probe> probes) {
    if (entry.function() == &stub) return false;
    for (const Probe& probe : probes)
      if (probe.func == nullptr || probe.same(probe_of(entry))) return false;
    return true;
  }
};

}  // namespace tpfuzz::internal
