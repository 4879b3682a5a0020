// Mistakes in what a hit does: its section, its loads, and the iterator.
#include "fuzz/subject/puzzle/make.h"

namespace tpfuzz::puzzle {

using tp::Point;

struct FuncsLoadedTwice : HostEnv {};
struct NullDataSkipped : HostEnv {};
struct LockedLate : HostEnv {};
struct UnlockedEarly : HostEnv {};
struct WaitsInSection : HostEnv {};
struct IteratorStopsEarly : HostEnv {};
struct IteratorEndsAtStub : HostEnv {};
struct IteratorUsesFirstData : HostEnv {};
struct IteratorReloads : HostEnv {};

namespace {

// What a hit does to a tracepoint, as tracepoint.h does it.
template <class Tracepoint>
struct Parts;
template <class E, class... Args, tp::State<E>& state, void (&trampoline)(void*, Args...)>
struct Parts<tp::Tracepoint<E, void(Args...), state, trampoline>> {
  [[gnu::always_inline]] static bool enabled() { return tp::static_branch<state.key>(); }
  [[gnu::always_inline]] static void call(void* data) {
    with_arguments<void(void*, Args...)>([data](Args... args) __attribute__((always_inline)) {
      static_cast<void>(trampoline(data, std::move(args)...)), tp::static_call_mark<state.call>();
    });
  }
};
template <const auto& tracepoint>
using PartsOf = Parts<std::remove_cvref_t<decltype(tracepoint)>>;

const auto* load(const auto& tracepoint) { return tracepoint.untyped().funcs.load(std::memory_order_acquire); }

// The data of the first entry; of no array a seeded fault.
void* first_data(const auto* array) {
  if (array == nullptr) tp::detail::load_through(array);
  return array->data;
}

template <const auto& tracepoint, int site>
[[gnu::noinline]] void pass_loading_twice() {
  if (!PartsOf<tracepoint>::enabled()) return;
  HostEnv::point(Point::keyed);
  HostEnv::read_lock(tracepoint.untyped().readers);
  HostEnv::point(Point::locked);
  const bool any = load(tracepoint) != nullptr;
  HostEnv::point(Point::loaded);
  if (any) PartsOf<tracepoint>::call(first_data(load(tracepoint)));
  HostEnv::read_unlock(tracepoint.untyped().readers);
  HostEnv::point(Point::unlocked);
}

template <const auto& tracepoint, int site>
[[gnu::noinline]] void pass_skipping_null_data() {
  if (!PartsOf<tracepoint>::enabled()) return;
  HostEnv::point(Point::keyed);
  HostEnv::read_lock(tracepoint.untyped().readers);
  HostEnv::point(Point::locked);
  const auto* const first = load(tracepoint);
  void* const data = first != nullptr ? first->data : nullptr;
  HostEnv::point(Point::loaded);
  if (data != nullptr) PartsOf<tracepoint>::call(data);
  HostEnv::read_unlock(tracepoint.untyped().readers);
  HostEnv::point(Point::unlocked);
}

template <const auto& tracepoint, int site>
[[gnu::noinline]] void pass_locked_late() {
  if (!PartsOf<tracepoint>::enabled()) return;
  HostEnv::point(Point::keyed);
  const auto* const first = load(tracepoint);
  void* const data = first != nullptr ? first->data : nullptr;
  HostEnv::point(Point::loaded);
  HostEnv::read_lock(tracepoint.untyped().readers);
  HostEnv::point(Point::locked);
  if (first != nullptr) PartsOf<tracepoint>::call(data);
  HostEnv::read_unlock(tracepoint.untyped().readers);
  HostEnv::point(Point::unlocked);
}

template <const auto& tracepoint, int site>
[[gnu::noinline]] void pass_unlocked_early() {
  if (!PartsOf<tracepoint>::enabled()) return;
  HostEnv::point(Point::keyed);
  HostEnv::read_lock(tracepoint.untyped().readers);
  HostEnv::point(Point::locked);
  const auto* const first = load(tracepoint);
  void* const data = first != nullptr ? first->data : nullptr;
  HostEnv::read_unlock(tracepoint.untyped().readers);
  HostEnv::point(Point::loaded);
  if (first != nullptr) PartsOf<tracepoint>::call(data);
  HostEnv::point(Point::unlocked);
}

template <const auto& tracepoint, int site>
[[gnu::noinline]] void pass_waiting() {
  if (!PartsOf<tracepoint>::enabled()) return;
  HostEnv::point(Point::keyed);
  HostEnv::read_lock(tracepoint.untyped().readers);
  HostEnv::point(Point::locked);
  HostEnv::synchronize(tracepoint.untyped().readers);
  HostEnv::read_unlock(tracepoint.untyped().readers);
  HostEnv::point(Point::unlocked);
}

template <class... Args>
void call(const auto& entry, void* data, const Args&... args) {
  const tp::Function function = entry.function();
  if (function == &tp::stub) return;
  HostEnv::point(Point::iterating);
  reinterpret_cast<void (*)(void*, Args...)>(function)(data, args...);
  HostEnv::point(Point::called);
}

template <const auto& tracepoint, class... Args>
void iterate_stopping_early(void*, Args... args) {
  HostEnv::point(Point::dispatched);
  const auto* entry = load(tracepoint);
  if (entry == nullptr) return;
  for (; entry->function() != nullptr && entry[1].function() != nullptr; ++entry) call(*entry, entry->data, args...);
}

template <const auto& tracepoint, class... Args>
void iterate_ending_at_stub(void*, Args... args) {
  HostEnv::point(Point::dispatched);
  const auto* entry = load(tracepoint);
  if (entry == nullptr) return;
  for (; entry->function() != nullptr && entry->function() != &tp::stub; ++entry) call(*entry, entry->data, args...);
}

template <const auto& tracepoint, class... Args>
void iterate_with_first_data(void* data, Args... args) {
  HostEnv::point(Point::dispatched);
  const auto* entry = load(tracepoint);
  if (entry == nullptr) return;
  for (; entry->function() != nullptr; ++entry) call(*entry, data, args...);
}

template <const auto& tracepoint, class... Args>
void iterate_reloading(void*, Args... args) {
  HostEnv::point(Point::dispatched);
  for (std::size_t i = 0;; ++i) {
    const auto* const array = load(tracepoint);
    if (array == nullptr || array[i].function() == nullptr) return;
    call(array[i], array[i].data, args...);
  }
}

}  // namespace

TPFUZZ_TRACEPOINTS(FuncsLoadedTwice, funcs_loaded_twice, pass_loading_twice);
TPFUZZ_TRACEPOINTS(NullDataSkipped, null_data_skipped, pass_skipping_null_data);
TPFUZZ_TRACEPOINTS(LockedLate, locked_late, pass_locked_late);
TPFUZZ_TRACEPOINTS(UnlockedEarly, unlocked_early, pass_unlocked_early);
TPFUZZ_TRACEPOINTS(WaitsInSection, waits_in_section, pass_waiting);
TPFUZZ_TRACEPOINTS(IteratorStopsEarly, iterator_stops_early, pass);
TPFUZZ_TRACEPOINTS(IteratorEndsAtStub, iterator_ends_at_stub, pass);
TPFUZZ_TRACEPOINTS(IteratorUsesFirstData, iterator_uses_first_data, pass);
TPFUZZ_TRACEPOINTS(IteratorReloads, iterator_reloads, pass);

namespace {

[[maybe_unused]] const bool iterators_set = [] {
  TPFUZZ_ITERATOR(iterator_stops_early, iterate_stopping_early);
  TPFUZZ_ITERATOR(iterator_ends_at_stub, iterate_ending_at_stub);
  TPFUZZ_ITERATOR(iterator_uses_first_data, iterate_with_first_data);
  TPFUZZ_ITERATOR(iterator_reloads, iterate_reloading);
  return true;
}();

constexpr Puzzle kPuzzles[] = {
    {.name = "funcs-loaded-twice",
     .mistake = "a hit loads `funcs` once to test it and again to use it",
     .found_by = "fault",
     .make = make<FuncsLoadedTwice, funcs_loaded_twice_rows>},
    {.name = "null-data-skipped",
     .mistake = "a hit takes NULL data for no probe",
     .found_by = "snapshot",
     .make = make<NullDataSkipped, null_data_skipped_rows>},
    {.name = "locked-late",
     .mistake = "a hit loads `funcs` before it enters the section",
     .found_by = "pairing snapshot grace",
     .found_by_tsan = "pairing snapshot grace race",
     .make = make<LockedLate, locked_late_rows>},
    {.name = "unlocked-early",
     .mistake = "a hit leaves the section before it calls",
     .found_by = "pairing snapshot grace fault",
     .found_by_asan = "pairing snapshot grace address",
     .found_by_tsan = "pairing snapshot grace race",
     .make = make<UnlockedEarly, unlocked_early_rows>},
    {.name = "waits-in-section",
     .mistake = "a probe waits for a grace period",
     .found_by = "progress",
     .make = make<WaitsInSection, waits_in_section_rows>},
    {.name = "iterator-stops-early",
     .mistake = "the iterator stops one probe before the end",
     .found_by = "snapshot",
     .make = make<IteratorStopsEarly, iterator_stops_early_rows>},
    {.name = "iterator-ends-at-stub",
     .mistake = "the iterator takes a stub for the end",
     .found_by = "snapshot",
     .make = make<IteratorEndsAtStub, iterator_ends_at_stub_rows>},
    {.name = "iterator-uses-first-data",
     .mistake = "the iterator passes on the data that the hit loaded",
     .found_by = "pairing snapshot",
     .make = make<IteratorUsesFirstData, iterator_uses_first_data_rows>},
    {.name = "iterator-reloads",
     .mistake = "the iterator loads `funcs` anew for every probe",
     .found_by = "snapshot fault",
     .found_by_asan = "snapshot address",
     .make = make<IteratorReloads, iterator_reloads_rows>},
};

}  // namespace

std::span<const Puzzle> readers() { return kPuzzles; }

}  // namespace tpfuzz::puzzle
