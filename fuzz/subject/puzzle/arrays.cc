// Mistakes about what the new array lists. Most compute the right one and then spoil it.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

struct NoTerminator : HostEnv {};
struct EqualsReversed : HostEnv {};
struct PriorityIgnored : HostEnv {};
struct PriorityTruncated : HostEnv {};
struct PrioritySubtracted : HostEnv {};
struct DuplicateAccepted : HostEnv {};
struct UnregisterByFunction : HostEnv {};
struct UnregisterNullData : HostEnv {};
struct LowestDropped : HostEnv {};
struct LeftInPlace : HostEnv {};
struct StubKept : HostEnv {};
struct NothingToRemove : HostEnv {};

using Correct = tp::Arrays<HostEnv>;
using Entry = Correct::Entry;

namespace {

// Adds `probe` as if it had priority `prio`; the entry has its own.
int insert_as(const Entry* old, const tp::Probe& probe, int prio, Entry*& fresh) {
  const int error = Correct::insert(old, {probe.func, probe.data, prio}, fresh);
  if (error == 0)
    for (Entry* entry = fresh; entry->function() != nullptr; ++entry)
      if (probe.same({entry->function(), entry->data, 0})) entry->prio = probe.prio;
  return error;
}

// Removes, of the probes for which `any_data` holds, all that have their function.
int remove_by_function(Entry* old, std::span<const tp::Probe> probes, bool (*any_data)(const tp::Probe&), bool fails,
                       Entry*& fresh) {
  std::vector<tp::Probe> removed(probes.begin(), probes.end());
  for (const tp::Probe& probe : probes)
    if (old != nullptr && probe.func != nullptr && any_data(probe))
      for (const Entry* entry = old; entry->function() != nullptr; ++entry)
        if (entry->function() == probe.func) removed.push_back({probe.func, entry->data, 0});
  return Correct::remove(old, removed, fails, fresh);
}

}  // namespace
}  // namespace tpfuzz::puzzle

namespace tp {

using namespace tpfuzz::puzzle;

template <>
Arrays<NoTerminator>::Entry* Arrays<NoTerminator>::allocate(int probes) {
  const auto entries = static_cast<std::size_t>(probes);
  auto* const block = NoTerminator::allocate(kOffset + entries * sizeof(Entry));
  return block != nullptr ? reinterpret_cast<Entry*>(reinterpret_cast<std::byte*>(block) + kOffset) : nullptr;
}

template <>
int Arrays<EqualsReversed>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  return insert_as(old, probe, probe.prio + 1, fresh);
}

template <>
int Arrays<PriorityIgnored>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  return insert_as(old, probe, std::numeric_limits<int>::min(), fresh);
}

template <>
int Arrays<PriorityTruncated>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  return Correct::insert(old, {probe.func, probe.data, static_cast<signed char>(probe.prio)}, fresh);
}

template <>
int Arrays<PrioritySubtracted>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  const auto comes_before = [&probe](const Entry& entry) {  // as the difference of two ints that may overflow
    const unsigned difference = static_cast<unsigned>(entry.prio) - static_cast<unsigned>(probe.prio);
    return static_cast<int>(difference) >= 0;
  };
  if (probe.func == nullptr) return -EINVAL;
  if (contains(old, probe)) return -EEXIST;
  fresh = allocate(count(old) + 1);
  if (fresh == nullptr) return -ENOMEM;
  Entry* out = fresh;
  bool placed = false;
  for (const Entry* entry = old; entry != nullptr && entry->function() != nullptr; ++entry) {
    if (entry->function() == &stub) continue;
    if (!placed && !comes_before(*entry)) placed = put(out, probe);
    put(out, {entry->function(), entry->data, entry->prio});
  }
  if (!placed) put(out, probe);
  return 0;
}

template <>
int Arrays<DuplicateAccepted>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  if (!contains(old, probe)) return Correct::insert(old, probe, fresh);
  const Probe other{probe.func, &fresh, probe.prio};  // a data that nobody has
  const int error = Correct::insert(old, other, fresh);
  if (error == 0)
    for (Entry* entry = fresh; entry->function() != nullptr; ++entry)
      if (entry->data == other.data) entry->data = probe.data;
  return error;
}

template <>
int Arrays<UnregisterByFunction>::remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
  return remove_by_function(old, probes, [](const Probe&) { return true; }, fails, fresh);
}

template <>
int Arrays<UnregisterNullData>::remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
  return remove_by_function(old, probes, [](const Probe& probe) { return probe.data == nullptr; }, fails, fresh);
}

template <>
int Arrays<LowestDropped>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  const int error = Correct::insert(old, probe, fresh);
  if (error != 0) return error;
  Entry* last = fresh;
  while (last[1].function() != nullptr) ++last;
  if (!probe.same({last->function(), last->data, 0})) last->func.store(nullptr, std::memory_order_relaxed);
  return 0;
}

template <>
int Arrays<LeftInPlace>::remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
  const int error = Correct::remove(old, probes, true, fresh);
  if (error != -ENOMEM || fails) return error;
  fresh = old;
  return 0;
}

template <>
int Arrays<StubKept>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  if (contains(old, probe)) return -EEXIST;
  if (probe.func == nullptr) return -EINVAL;
  int length = 0;
  if (old != nullptr)
    while (old[length].function() != nullptr) ++length;
  fresh = allocate(length + 1);
  if (fresh == nullptr) return -ENOMEM;
  Entry* out = fresh;
  const auto copy = [&out](const Entry& entry) { put(out, {entry.function(), entry.data, entry.prio}); };
  for (; length > 0 && old->prio >= probe.prio; ++old, --length) copy(*old);
  put(out, probe);
  for (; length > 0; ++old, --length) copy(*old);
  return 0;
}

template <>
int Arrays<NothingToRemove>::remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
  const int error = Correct::remove(old, probes, fails, fresh);
  return error == -ENOENT ? 0 : error;
}

}  // namespace tp

namespace tpfuzz::puzzle {

TPFUZZ_TRACEPOINTS(NoTerminator, no_terminator, pass);
TPFUZZ_TRACEPOINTS(EqualsReversed, equals_reversed, pass);
TPFUZZ_TRACEPOINTS(PriorityIgnored, priority_ignored, pass);
TPFUZZ_TRACEPOINTS(PriorityTruncated, priority_truncated, pass);
TPFUZZ_TRACEPOINTS(PrioritySubtracted, priority_subtracted, pass);
TPFUZZ_TRACEPOINTS(DuplicateAccepted, duplicate_accepted, pass);
TPFUZZ_TRACEPOINTS(UnregisterByFunction, unregister_by_function, pass);
TPFUZZ_TRACEPOINTS(UnregisterNullData, unregister_null_data, pass);
TPFUZZ_TRACEPOINTS(LowestDropped, lowest_dropped, pass);
TPFUZZ_TRACEPOINTS(LeftInPlace, left_in_place, pass);
TPFUZZ_TRACEPOINTS(StubKept, stub_kept, pass);
TPFUZZ_TRACEPOINTS(NothingToRemove, nothing_to_remove, pass);

namespace {

constexpr Puzzle kPuzzles[] = {
    {.name = "no-terminator",
     .mistake = "the array has no end",
     .found_by = "quiescent snapshot fault",
     .found_by_asan = "address",
     .make = make<NoTerminator, no_terminator_rows>},
    {.name = "equals-reversed",
     .mistake = "of equal priorities the last comes first",
     .found_by = "quiescent snapshot",
     .make = make<EqualsReversed, equals_reversed_rows>},
    {.name = "priority-ignored",
     .mistake = "a higher priority stands behind a lower one",
     .found_by = "quiescent snapshot",
     .make = make<PriorityIgnored, priority_ignored_rows>},
    {.name = "priority-truncated",
     .mistake = "a priority is kept in 8 bits",
     .found_by = "quiescent snapshot",
     .make = make<PriorityTruncated, priority_truncated_rows>},
    {.name = "priority-subtracted",
     .mistake = "priorities are compared by their difference, which overflows",
     .found_by = "quiescent snapshot",
     .make = make<PrioritySubtracted, priority_subtracted_rows>},
    {.name = "duplicate-accepted",
     .mistake = "a probe can be registered twice",
     .found_by = "result quiescent snapshot",
     .make = make<DuplicateAccepted, duplicate_accepted_rows>},
    {.name = "unregister-by-function",
     .mistake = "unregister matches by the function alone",
     .found_by = "quiescent snapshot result hooks",
     .make = make<UnregisterByFunction, unregister_by_function_rows>},
    {.name = "unregister-null-data",
     .mistake = "unregister takes NULL data for any data",
     .found_by = "quiescent snapshot result hooks",
     .make = make<UnregisterNullData, unregister_null_data_rows>},
    {.name = "lowest-dropped",
     .mistake = "the probe of the lowest priority is dropped when a higher one is inserted",
     .found_by = "quiescent snapshot pairing",
     .make = make<LowestDropped, lowest_dropped_rows>},
    {.name = "left-in-place",
     .mistake = "an unregister that can't allocate leaves the probe in place and says it is gone",
     .found_by = "quiescent snapshot result grace",
     .make = make<LeftInPlace, left_in_place_rows>},
    {.name = "stub-kept",
     .mistake = "a stub is copied into every new array",
     .found_by = "quiescent",
     .make = make<StubKept, stub_kept_rows>},
    {.name = "nothing-to-remove",
     .mistake = "unregister from an empty tracepoint succeeds",
     .found_by = "result",
     .make = make<NothingToRemove, nothing_to_remove_rows>},
};

}  // namespace

std::span<const Puzzle> arrays() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
