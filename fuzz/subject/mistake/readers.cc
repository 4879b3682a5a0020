// Mistakes in what a hit and the iterator do that are no order of steps, and the orders themselves.
#include "fuzz/subject/mistake/readers.h"

#include <utility>

#include "fuzz/subject/mistake/mistake.h"

namespace tpfuzz {
namespace {

constinit Mistake null_data_skipped{"null-data-skipped", "a hit takes NULL data for no probe"};
constinit Mistake waits_in_section{"waits-in-section", "a probe waits for a grace period"};
constinit Mistake nested_hit_skipped{"nested-hit-skipped",
                                     "a guard against recursion skips a hit of another tracepoint"};
constinit Mistake iterator_position_shared{"iterator-position-shared",
                                           "all iterators of a CPU keep their position in one variable"};
constinit Mistake arguments_forwarded{"arguments-forwarded",
                                      "the iterator moves its arguments into the first function that it calls"};
constinit Mistake arguments_shared{"arguments-shared",
                                   "the iterator passes one object to all functions, and not a copy to each"};
constinit Mistake arguments_swapped{"arguments-swapped",
                                    "the iterator passes the first two arguments in each other's place"};

using tp::Point;
using Entry = tp::Entry<MistakenEnv::Words>;
using State = tp::State<MistakenEnv>;

const Entry* load(const State& state) { return state.funcs.load(std::memory_order_acquire); }

// The data of the first entry; of no array a seeded fault.
void* first_data(const Entry* array) {
  if (array == nullptr) tp::detail::load_through(array);
  return array->data;
}

// What a hit does to a tracepoint, as tracepoint.h does it.
template <class Tracepoint>
struct Parts;
template <class... Args, State& its_state, void (&trampoline)(void*, Args...)>
struct Parts<tp::Tracepoint<MistakenEnv, void(Args...), its_state, trampoline>> {
  static constexpr State& state = its_state;
  [[gnu::always_inline]] static bool enabled() { return tp::static_branch<its_state.key>(); }
  [[gnu::always_inline]] static void call(void* data) {
    with_arguments<void(void*, Args...)>([data](Args... args) __attribute__((always_inline)) {
      static_cast<void>(trampoline(data, std::move(args)...)), tp::static_call_mark<its_state.call>();
    });
  }
};

// What a hit has loaded.
struct Loaded {
  bool calls = false;  // decided by the first load
  void* data = nullptr;
};

// Takes the steps of an order from the one at `at` on.
template <class Its, std::size_t order, std::size_t at = 0>
[[gnu::always_inline]] inline void take_steps(Loaded& loaded) {
  using enum HitStep;
  constexpr HitOrder kSteps = kHitOrders[order];
  if constexpr (at == kSteps.size) {
    MistakenEnv::point(Point::unlocked);
  } else {
    constexpr HitStep kStep = kSteps[at];
    constexpr bool kFirstLoad = kStep == load && kSteps.count(load, at) == 0;
    constexpr bool kOnlyLoad = kSteps.count(load, kSteps.size) == 1;
    constexpr bool kUnlocksNext = at + 1 < kSteps.size && kSteps[at + 1] == unlock;
    constexpr bool kIsLoaded = kSteps.count(load, at) > 0 && kSteps.count(call, at) == 0;
    const tp::Domain readers = Its::state.readers;
    if constexpr (kStep == key) {
      if (at > 0) host().comes_to(SiteKind::key);
      if (!Its::enabled()) {
        if (!kSteps.locked(at)) return;
        MistakenEnv::read_unlock(readers);
        return MistakenEnv::point(Point::unlocked);
      }
      MistakenEnv::point(Point::keyed);
    } else if constexpr (kStep == lock) {
      MistakenEnv::read_lock(readers);
      MistakenEnv::point(Point::locked);
      if (waits_in_section.on()) MistakenEnv::synchronize(readers);
    } else if constexpr (kStep == load) {
      const Entry* const array = tpfuzz::load(Its::state);
      if constexpr (kFirstLoad) {
        if (kOnlyLoad || null_data_skipped.on()) loaded.data = array != nullptr ? array->data : nullptr;
        loaded.calls = null_data_skipped.on() ? loaded.data != nullptr : array != nullptr;
        if (!kUnlocksNext) MistakenEnv::point(Point::loaded);
      } else {
        if (loaded.calls) loaded.data = first_data(array);
      }
    } else if constexpr (kStep == call) {
      // `loaded` has had the Host look at the call, if it was passed just now.
      constexpr bool kLooked = kSteps[at - 1] == unlock || (kSteps[at - 1] == load && kOnlyLoad);
      if (!kLooked) host().comes_to(SiteKind::call);
      if (loaded.calls) Its::call(loaded.data);
    } else {
      MistakenEnv::read_unlock(readers);
      if (kIsLoaded) MistakenEnv::point(Point::loaded);
    }
    take_steps<Its, order, at + 1>(loaded);
  }
}

// A call site: a function of its own, as `pass` of registry_subject.h.
template <const auto& tracepoint, int site, std::size_t order>
[[gnu::noinline, gnu::aligned(64)]] void pass_in_order() {
  const bool guards = nested_hit_skipped.on();
  if (guards && std::exchange(mine().hits, true)) return;
  Loaded loaded;
  take_steps<Parts<std::remove_cvref_t<decltype(tracepoint)>>, order>(loaded);
  if (guards) mine().hits = false;
}

// What the ABI passes by reference is passed so, without a copy.
template <class T>
using Shared = std::conditional_t<std::is_trivially_copyable_v<T>, T, T&>;

// Calls `function` with `args`. An object that is moved is shared with nobody.
template <class... Args>
void call_with(tp::Function function, void* data, Args&... args) {
  if (arguments_forwarded.on())
    reinterpret_cast<void (*)(void*, Args...)>(function)(data, std::move(args)...);
  else if (arguments_shared.on())
    reinterpret_cast<void (*)(void*, Shared<Args>...)>(function)(data, args...);
  else
    reinterpret_cast<void (*)(void*, Args...)>(function)(data, args...);
}

void call_in_place(tp::Function function, void* data) { call_with(function, data); }
template <class First, class... Rest>
void call_in_place(tp::Function function, void* data, First& first, First& second, Rest&... rest) {
  if (arguments_swapped.on())
    call_with(function, data, second, first, rest...);
  else
    call_with(function, data, first, second, rest...);
}

bool trusts_funcs() { return tp::Registry<MistakenEnv>::instance().protocol().trusts_funcs; }

// Loads `funcs` for the iterator. Returns whether there is an array; `trusting` there has to be.
bool load_into(Position& at, const State& state, bool trusting) {
  at.array = load(state);
  if (at.array == nullptr && trusting) tp::detail::load_through(at.array);
  return at.array != nullptr;
}

template <class... Args>
void walk(const IterateOrder& order, const State& state, void* data, Args&... args) {
  MistakenEnv::point(Point::dispatched);
  Position own;
  Position& at = iterator_position_shared.on() ? mine().position : own;
  at.entry = 0;
  for (int i = 0; i < order.loads; ++i)
    if (!load_into(at, state, i > 0 || trusts_funcs())) return;
  while (true) {
    if (order.loads_before && !load_into(at, state, trusts_funcs())) return;
    const Entry& entry = at.array[at.entry];
    const tp::Function function = entry.function();
    if (function == nullptr) return;
    if (order.walk == Walk::each_but_last && (&entry)[1].function() == nullptr) return;
    if (function == &tp::stub) {
      if (order.walk == Walk::each_until_stub) return;
      if (order.walk == Walk::each_stuck_at_stub)
        MistakenEnv::point(Point::iterating);  // and here again
      else
        ++at.entry;
      continue;
    }
    void* const its_data = entry.data;
    ++at.entry;
    MistakenEnv::point(Point::iterating);
    call_in_place(function, order.first_data ? data : its_data, args...);
    MistakenEnv::point(Point::called);
    if (order.loads_after && !load_into(at, state, trusts_funcs())) return;
  }
}

template <State& state, std::size_t order, class... Args>
void iterate_in_order(void* data, Args... args) {
  walk(kIterateOrders[order], state, data, args...);
}

}  // namespace

TPFUZZ_TRACEPOINT_DECLARE_IN(MistakenEnv, mistaken_0, void());
TPFUZZ_TRACEPOINT_DECLARE_IN(MistakenEnv, mistaken_1, void());
TPFUZZ_TRACEPOINT_DECLARE_IN(MistakenEnv, mistaken_2, void());
TPFUZZ_TRACEPOINT_DECLARE_IN(MistakenEnv, mistaken_3, WithArguments);
TPFUZZ_TRACEPOINT_DEFINE_IN(MistakenEnv, mistaken_0);
TPFUZZ_TRACEPOINT_DEFINE_IN(MistakenEnv, mistaken_1);
TPFUZZ_TRACEPOINT_DEFINE_IN(MistakenEnv, mistaken_2);
TPFUZZ_TRACEPOINT_DEFINE_IN(MistakenEnv, mistaken_3);

namespace {

template <State& state, std::size_t order, class... Args>
tp::Function iterator_of(void (*)(void*, Args...)) {
  return reinterpret_cast<tp::Function>(&iterate_in_order<state, order, Args...>);
}

template <const auto& tracepoint>
Readers readers_of() {
  Readers its{&tracepoint.untyped(), {}, {}};
  constexpr auto& kState = tracepoint.untyped();
  [&]<std::size_t... order>(std::index_sequence<order...>) {
    ((its.sites[order] = {&pass_in_order<tracepoint, 0, order>, &pass_in_order<tracepoint, 1, order>}), ...);
  }(std::make_index_sequence<kHitOrders.size()>());
  using Func = typename std::remove_cvref_t<decltype(tracepoint)>::Func;
  [&]<std::size_t... order>(std::index_sequence<order...>) {
    ((its.iterators[order] = iterator_of<kState, order>(static_cast<Func*>(nullptr))), ...);
  }(std::make_index_sequence<kIterateOrders.size()>());
  return its;
}

}  // namespace

std::span<const Readers, kMaxTracepoints> all_readers() {
  static const std::array<Readers, kMaxTracepoints> all = {readers_of<mistaken_0>(), readers_of<mistaken_1>(),
                                                           readers_of<mistaken_2>(), readers_of<mistaken_3>()};
  return all;
}

std::span<Mistake* const> mistake::of_readers() {
  static constexpr Mistake* kAll[] = {&null_data_skipped,        &waits_in_section,    &nested_hit_skipped,
                                      &iterator_position_shared, &arguments_forwarded, &arguments_shared,
                                      &arguments_swapped};
  return kAll;
}

}  // namespace tpfuzz
