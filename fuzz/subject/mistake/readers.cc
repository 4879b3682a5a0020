// Mistakes in what a hit and the iterator do that are no order of steps, and the orders themselves.
#include "fuzz/subject/mistake/readers.h"

#include <algorithm>
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

// What of a hit is patched: there is one of each in a call site.
template <class Tracepoint>
struct Parts;
template <class... Args, State& state, void (&trampoline)(void*, Args...)>
struct Parts<tp::Tracepoint<MistakenEnv, void(Args...), state, trampoline>> {
  [[gnu::always_inline]] static bool enabled() { return tp::static_branch<state.key>(); }
  [[gnu::always_inline]] static void call(void* data) {
    with_arguments<void(void*, Args...)>([data](Args... args) __attribute__((always_inline)) {
      static_cast<void>(trampoline(data, std::move(args)...)), tp::static_call_mark<state.call>();
    });
  }
};

// A step of an order, with what the steps around it say about it.
struct PlannedStep {
  HitStep step{};
  bool looked = false;        // the Host has looked at the site that comes now
  bool locked = false;        // within a section
  bool loaded = false;        // after a load and before the call
  bool first_load = false;    // the one that decides whether the call is made
  bool only_load = false;     // whose data the call gets, too
  bool unlocks_next = false;  // and tells that it has loaded
};

struct HitPlan {
  std::array<PlannedStep, HitOrder::kMost> steps{};
  std::size_t size = 0;
  std::span<const PlannedStep> all() const { return {steps.data(), size}; }
};

constexpr HitPlan plan_of(const HitOrder& order) {
  using enum HitStep;
  HitPlan plan;
  const bool one_load = order.count(load, order.size) == 1;
  for (std::size_t at = 0; at < order.size; ++at) {
    PlannedStep& its = plan.steps[plan.size++];
    its.step = order[at];
    its.locked = order.locked(at);
    its.loaded = order.count(load, at) > 0 && order.count(call, at) == 0;
    its.first_load = its.step == load && order.count(load, at) == 0;
    its.only_load = its.step == load && one_load;
    its.unlocks_next = at + 1 < order.size && order[at + 1] == unlock;
    // `loaded` has had the Host look at the call, if it was passed just now; the beginning of a hit, at the key.
    its.looked = at == 0 || (its.step == call && (order[at - 1] == unlock || (order[at - 1] == load && one_load)));
  }
  return plan;
}

constexpr auto kHitPlans = [] {
  std::array<HitPlan, kHitOrders.size()> plans{};
  for (std::size_t i = 0; i < plans.size(); ++i) plans[i] = plan_of(kHitOrders[i]);
  return plans;
}();

// How the tracepoints are read now.
constinit const HitPlan* hit_plan = kHitPlans.data();
constinit const IterateOrder* iterate_order = kIterateOrders.data();

// What a hit has loaded.
struct Loaded {
  bool calls = false;  // decided by the first load
  void* data = nullptr;
};

void take_load(const PlannedStep& step, const State& state, Loaded& loaded) {
  const Entry* const array = load(state);
  if (!step.first_load) {
    if (loaded.calls) loaded.data = first_data(array);
    return;
  }
  if (step.only_load || null_data_skipped.on()) loaded.data = array != nullptr ? array->data : nullptr;
  loaded.calls = null_data_skipped.on() ? loaded.data != nullptr : array != nullptr;
  if (!step.unlocks_next) MistakenEnv::point(Point::loaded);
}

// Takes the steps of the plan. `Its` are patched where this is inlined.
template <class Its>
[[gnu::always_inline]] inline void take_steps(const State& state) {
  Loaded loaded;
  for (const PlannedStep& step : hit_plan->all()) {
    switch (step.step) {
      case HitStep::key:
        if (!step.looked) host().comes_to(SiteKind::key);
        if (!Its::enabled()) {
          if (!step.locked) return;
          MistakenEnv::read_unlock(state.readers);
          return MistakenEnv::point(Point::unlocked);
        }
        MistakenEnv::point(Point::keyed);
        break;
      case HitStep::lock:
        MistakenEnv::read_lock(state.readers);
        MistakenEnv::point(Point::locked);
        if (waits_in_section.on()) MistakenEnv::synchronize(state.readers);
        break;
      case HitStep::load:
        take_load(step, state, loaded);
        break;
      case HitStep::call:
        if (!step.looked) host().comes_to(SiteKind::call);
        if (loaded.calls) Its::call(loaded.data);
        break;
      case HitStep::unlock:
        MistakenEnv::read_unlock(state.readers);
        if (step.loaded) MistakenEnv::point(Point::loaded);
        break;
    }
  }
  MistakenEnv::point(Point::unlocked);
}

// A call site: a function of its own, as `pass` of registry_subject.h.
template <const auto& tracepoint, int site>
[[gnu::noinline, gnu::aligned(64)]] void pass_in_order() {
  const bool guards = nested_hit_skipped.on();
  if (guards && std::exchange(mine().hits, true)) return;
  take_steps<Parts<std::remove_cvref_t<decltype(tracepoint)>>>(tracepoint.untyped());
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

template <const auto& tracepoint, class... Args>
void iterate_in_order(void* data, Args... args) {
  walk(*iterate_order, tracepoint.untyped(), data, args...);
}

}  // namespace

TPFUZZ_TRACEPOINTS(MistakenEnv, mistaken, pass_in_order);

namespace {

template <const auto& tracepoint, class... Args>
void use_iterator(void (*)(void*, Args...)) {
  State& state = tracepoint.untyped();
  state.iterator = reinterpret_cast<tp::Function>(&iterate_in_order<tracepoint, Args...>);
  tp::static_call_init(state.call, state.call.trampoline, state.iterator);
}
template <const auto& tracepoint>
void use_iterator() {
  use_iterator<tracepoint>(static_cast<std::remove_cvref_t<decltype(tracepoint)>::Func*>(nullptr));
}

// In place of the core's own iterator, before the sites are prepared.
[[maybe_unused]] const bool iterators_are_used = [] {
  use_iterator<mistaken_0>(), use_iterator<mistaken_1>(), use_iterator<mistaken_2>(), use_iterator<mistaken_3>();
  return true;
}();

}  // namespace

const TracepointRows<MistakenEnv>& read_by(std::size_t hit, std::size_t iterate) {
  static const auto keys = [] {
    std::array<tp::Site*, kMaxTracepoints> first{};
    std::ranges::transform(mistaken_rows, first.begin(), [](const auto& row) { return row.state->key.sites; });
    return first;
  }();
  hit_plan = &kHitPlans[hit];
  iterate_order = &kIterateOrders[iterate];
  const HitOrder& steps = kHitOrders[hit];
  const bool has_key = steps.count(HitStep::key, steps.size) > 0;
  for (std::size_t i = 0; i < keys.size(); ++i) mistaken_rows[i].state->key.sites = has_key ? keys[i] : nullptr;
  return mistaken_rows;
}

std::span<Mistake* const> mistake::of_readers() {
  static constexpr Mistake* kAll[] = {&null_data_skipped,        &waits_in_section,    &nested_hit_skipped,
                                      &iterator_position_shared, &arguments_forwarded, &arguments_shared,
                                      &arguments_swapped};
  return kAll;
}

}  // namespace tpfuzz
