// Mistakes about what the new array lists. A list is computed first, with all that is wrong in it, and written then.
#include <boost/container/static_vector.hpp>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <new>

#include "fuzz/subject/mistake/mistake.h"
#include "fuzz/subject/mistake/mistaken_env.h"

namespace tpfuzz {
namespace {

constinit Mistake no_terminator{"no-terminator", "the array has no end"};
constinit Mistake equals_reversed{"equals-reversed", "of equal priorities the last comes first"};
constinit Mistake priority_ignored{"priority-ignored", "a higher priority stands behind a lower one"};
constinit Mistake priority_truncated{"priority-truncated", "a priority is kept in 8 bits"};
constinit Mistake priority_subtracted{"priority-subtracted",
                                      "priorities are compared by their difference, which overflows"};
constinit Mistake duplicate_accepted{"duplicate-accepted", "a probe can be registered twice"};
constinit Mistake unregister_by_function{"unregister-by-function", "unregister matches by the function alone"};
constinit Mistake unregister_null_data{"unregister-null-data", "unregister takes NULL data for any data"};
constinit Mistake lowest_dropped{"lowest-dropped",
                                 "the probe of the lowest priority is dropped when a higher one is inserted"};
constinit Mistake left_in_place{"left-in-place",
                                "an unregister that can't allocate leaves the probe in place and says it is gone"};
constinit Mistake stub_kept{"stub-kept", "a stub is copied into every new array"};
constinit Mistake nothing_to_remove{"nothing-to-remove", "unregister from an empty tracepoint succeeds"};

// Room for all that a sequence can register, and more: an array that was freed, or has no end, is read up to here.
constexpr std::size_t kMost = 2 * kMaxOperations;
using List = boost::container::static_vector<tp::Probe, kMost>;

using Arrays = tp::Arrays<MistakenEnv>;
using Entry = Arrays::Entry;
constexpr std::size_t kOffset = (sizeof(MistakenEnv::Header) + alignof(Entry) - 1) / alignof(Entry) * alignof(Entry);

MistakenEnv::Header* header_of(Entry* array) {
  return reinterpret_cast<MistakenEnv::Header*>(reinterpret_cast<std::byte*>(array) - kOffset);
}

// With the stubs.
List read(const Entry* array) {
  List list;
  if (array == nullptr) return list;
  for (; list.size() < kMost; ++array) {
    const tp::Function function = array->function();
    if (function == nullptr) break;
    list.push_back({function, array->data, array->prio});
  }
  return list;
}

// An array of `list`, or nullptr. Without a terminator there is no room for one.
Entry* write(const List& list, std::size_t room) {
  const std::size_t entries = room + (no_terminator.on() ? 0 : 1);
  MistakenEnv::Header* const block = MistakenEnv::allocate(kOffset + entries * sizeof(Entry));
  if (block == nullptr) return nullptr;
  auto* const array = reinterpret_cast<Entry*>(reinterpret_cast<std::byte*>(block) + kOffset);
  for (std::size_t i = 0; i < entries; ++i) ::new (static_cast<void*>(array + i)) Entry{nullptr, nullptr, 0};
  for (std::size_t i = 0; i < list.size(); ++i) {
    array[i].func.store(list[i].func, std::memory_order_relaxed);
    array[i].data = list[i].data;
    array[i].prio = list[i].prio;
  }
  return array;
}

// Whether a probe of priority `prio` is placed before one of priority `other`. A priority that is ignored stands
// behind all; one that is compared by the difference, else by its value; of equal ones the rule for equals.
bool comes_before(int prio, int other) {
  if (priority_ignored.on()) return false;
  if (prio == other) return equals_reversed.on();
  if (!priority_subtracted.on()) return other < prio;
  const unsigned difference = static_cast<unsigned>(other) - static_cast<unsigned>(prio);
  return static_cast<int>(difference) < 0;
}

bool contains(const List& list, const tp::Probe& probe) {
  return std::ranges::any_of(list, [&](const tp::Probe& its) { return its.same(probe); });
}

// Whether `removed` names `probe`.
bool matches(const tp::Probe& removed, const tp::Probe& probe) {
  if (removed.func == nullptr || removed.same(probe)) return true;
  const bool any_data = unregister_by_function.on() || (unregister_null_data.on() && removed.data == nullptr);
  return any_data && removed.func == probe.func;
}

bool stays(const tp::Probe& probe, std::span<const tp::Probe> removed) {
  return probe.func != &tp::stub &&
         std::ranges::none_of(removed, [&](const tp::Probe& its) { return matches(its, probe); });
}

}  // namespace

std::span<Mistake* const> mistake::of_arrays() {
  static constexpr Mistake* kAll[] = {
      &no_terminator,      &equals_reversed,        &priority_ignored,     &priority_truncated, &priority_subtracted,
      &duplicate_accepted, &unregister_by_function, &unregister_null_data, &lowest_dropped,     &left_in_place,
      &stub_kept,          &nothing_to_remove};
  return kAll;
}

}  // namespace tpfuzz

namespace tpfuzz::internal {

using namespace tpfuzz;

// First whether the probe is taken, then where it is placed, then what is dropped.
int Arrays<MistakenEnv>::insert(const Entry* old, const Probe& probe, Entry*& fresh) {
  if (probe.func == nullptr) return -EINVAL;
  const List listed = read(old);
  if (!duplicate_accepted.on() && contains(listed, probe)) return -EEXIST;
  Probe placed = probe;
  if (priority_truncated.on()) placed.prio = static_cast<std::int8_t>(placed.prio);
  List list;
  bool is_placed = false;
  for (const Probe& its : listed) {
    if (its.func == &stub && !stub_kept.on()) continue;
    if (list.size() + 1 == kMost) break;
    if (!is_placed && comes_before(placed.prio, its.prio)) {
      list.push_back(placed);
      is_placed = true;
    }
    if (list.size() + 1 < kMost) list.push_back(its);
  }
  if (!is_placed) list.push_back(placed);
  const std::size_t room = list.size();
  if (lowest_dropped.on() && !list.back().same(probe)) list.pop_back();
  fresh = write(list, room);
  return fresh != nullptr ? 0 : -ENOMEM;
}

int Arrays<MistakenEnv>::remove(Entry* old, std::span<const Probe> probes, bool fails, Entry*& fresh) {
  fresh = nullptr;
  if (old == nullptr) return nothing_to_remove.on() ? 0 : -ENOENT;
  const List listed = read(old);
  List list;
  for (const Probe& its : listed)
    if (stays(its, probes)) list.push_back(its);
  if (list.empty()) return 0;
  fresh = write(list, list.size());
  if (fresh != nullptr) return 0;
  if (fails) return -ENOMEM;
  fresh = old;
  if (left_in_place.on()) return 0;
  for (std::size_t i = 0; i < listed.size(); ++i)
    if (!stays(listed[i], probes)) old[i].func.store(&stub, std::memory_order_relaxed);
  return 0;
}

void Arrays<MistakenEnv>::defer_free(Entry* array, Domains readers) {
  if (array != nullptr) MistakenEnv::defer_free(header_of(array), readers);
}

void Arrays<MistakenEnv>::defer_free_since(Entry* array, Domains readers,
                                           const std::array<Env::Cookie, kDomains>& cookies) {
  if (array != nullptr) MistakenEnv::defer_free_since(header_of(array), readers, cookies);
}

}  // namespace tpfuzz::internal
