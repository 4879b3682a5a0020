// The read side as data: what a hit does (`hit:`) and what the iterator does (`iterate:`), as orders of steps out of
// two closed lists. The core's own are `key; lock; load; call; unlock` and `load; each; call`; the others are mistakes
// that people make, or write the same another way. docs/protocols.md says what each step means.
//
// All orders are made here, by rule, when the program is compiled; what the rules leave out nobody could write, or
// would not differ.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tpfuzz {

enum class HitStep : std::uint8_t { key, lock, load, call, unlock };
inline constexpr std::array<std::string_view, 5> kHitSteps = {"key", "lock", "load", "call", "unlock"};

struct HitOrder {
  static constexpr std::size_t kMost = 8;
  std::array<HitStep, kMost> steps{};
  std::size_t size = 0;

  constexpr HitStep operator[](std::size_t at) const { return steps[at]; }
  /// How many `step`s stand before the one at `at`.
  constexpr std::size_t count(HitStep step, std::size_t at) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < at; ++i) found += steps[i] == step;
    return found;
  }
  /// Whether the step at `at` is taken within a section.
  constexpr bool locked(std::size_t at) const { return count(HitStep::lock, at) > count(HitStep::unlock, at); }
};

enum class Walk : std::uint8_t { each, each_but_last, each_until_stub, each_stuck_at_stub };
inline constexpr std::array<std::string_view, 4> kWalks = {"each", "each-but-last", "each-until-stub",
                                                           "each-stuck-at-stub"};

/// What the iterator does: `[load; [load;]] WALK; [load;] CALL[; load]`.
struct IterateOrder {
  int loads = 1;              ///< before the walk
  Walk walk = Walk::each;     ///< over which entries
  bool loads_before = false;  ///< each call, and before it looks whether there is one
  bool loads_after = false;
  bool first_data = false;  ///< calls with the data that the hit loaded
};

// How the orders are made.
namespace orders {

// Adds what an order can go on with after `order`, from the core's own order on: a step comes first that it takes
// first.
template <class Take>
constexpr void extend_hit(const HitOrder& order, Take take) {
  using enum HitStep;
  const std::size_t at = order.size;
  const auto has = [&](HitStep step) { return order.count(step, at); };
  const auto go_on = [&](HitStep step) {
    HitOrder longer = order;
    longer.steps[longer.size++] = step;
    extend_hit(longer, take);
  };
  const bool open = order.locked(at), called = has(call) > 0;
  // What stands in the open section, or in the last one: a load or the call.
  bool holds = false, held = true;
  for (std::size_t i = 0; i < at; ++i) {
    if (order[i] == lock) holds = false;
    if (order[i] == load || order[i] == call) holds |= order.locked(i);
    if (order[i] == unlock) held &= holds;
  }
  if (called && !open) return take(order);
  if (called) return go_on(unlock);
  if (has(key) == 0) go_on(key);                         // the key is read once, or not at all
  if (!open && held && has(lock) < 2) go_on(lock);       // two sections at most;
  if (has(load) > 0) go_on(call);                        // one call,
  if (has(load) < 2) go_on(load);                        // two loads at most: the first decides, the last is used
  if (open && (holds || has(lock) == 1)) go_on(unlock);  // and an empty section is the only one
}

template <class Take>
constexpr void make_iterations(Take take) {
  for (const int loads : {1, 2, 0})
    for (std::size_t walk = 0; walk < kWalks.size(); ++walk)
      for (const int again : {0, 1, 2})  // not, before the call, after it
        for (const bool first_data : {false, true})
          if (loads > 0 || again == 1)
            take(IterateOrder{loads, static_cast<Walk>(walk), again == 1, again == 2, first_data});
}

inline constexpr std::size_t kHits = [] {
  std::size_t count = 0;
  extend_hit(HitOrder{}, [&](const HitOrder&) { ++count; });
  return count;
}();

inline constexpr std::size_t kIterations = [] {
  std::size_t count = 0;
  make_iterations([&](const IterateOrder&) { ++count; });
  return count;
}();

}  // namespace orders

/// All that are offered; the core's own comes first.
inline constexpr auto kHitOrders = [] {
  std::array<HitOrder, orders::kHits> all{};
  std::size_t count = 0;
  orders::extend_hit(HitOrder{}, [&](const HitOrder& order) { all[count++] = order; });
  return all;
}();
inline constexpr auto kIterateOrders = [] {
  std::array<IterateOrder, orders::kIterations> all{};
  std::size_t count = 0;
  orders::make_iterations([&](const IterateOrder& order) { all[count++] = order; });
  return all;
}();

/// Each of them as a protocol writes it: "key; lock; load; call; unlock".
std::span<const std::string_view> hit_texts();
std::span<const std::string_view> iterate_texts();

}  // namespace tpfuzz
