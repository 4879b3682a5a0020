#include "fuzz/explore/synthesis.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <unordered_set>

namespace tpfuzz {
namespace {

// What is chosen, in this order: a setting, then lists of steps. Short counterexamples make the first transitions.
constexpr int kSlots = tp::kTransitions + 1;
using tp::Transition;
constexpr std::array<Transition, tp::kTransitions> kOrder = {Transition::add_first,      Transition::remove_last,
                                                             Transition::add_second,     Transition::remove_to_one,
                                                             Transition::remove_to_more, Transition::add_more};

// A slot's groups: of the first one each setting is one of its own.
struct Group {
  long long cost = 0;
  std::vector<std::uint32_t> lists;  // numbers, in the slot
};

struct Slot {
  std::vector<Group> groups;
  std::vector<Steps> lists;  // of a transition
  std::set<long long> sums;  // that can be had of this slot and all after it
};

using Choice = std::array<std::uint32_t, kSlots>;

// The slots that a refutation is about, with the lists in them; the setting always.
using Slots = std::bitset<kSlots>;

struct HashOfChoice {
  std::size_t operator()(const Choice& choice) const {
    std::size_t hash = 0;
    for (const std::uint32_t number : choice) hash = (hash ^ number) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 32;
  }
};

// What is known to be wrong: choices of which only some slots count, the others are 0.
class Refuted {
 public:
  void add(const Slots& slots, const Choice& choice) { by_last(slots)[slots.to_ulong()].insert(part(slots, choice)); }

  // Whether the first `chosen` slots, with the last of them, are refuted. Without that one they are not.
  bool has(const Choice& choice, int chosen) const {
    const auto& all = by_last_[static_cast<std::size_t>(chosen - 1)];
    return std::ranges::any_of(all, [&](const auto& its) { return its.second.contains(part(its.first, choice)); });
  }

 private:
  using Choices = std::unordered_set<Choice, HashOfChoice>;

  static Choice part(const Slots& slots, Choice choice) {
    for (std::size_t slot = 0; slot < choice.size(); ++slot)
      if (!slots.test(slot)) choice[slot] = 0;
    return choice;
  }
  std::map<unsigned long, Choices>& by_last(const Slots& slots) {
    std::size_t last = 0;
    for (std::size_t slot = 0; slot < slots.size(); ++slot)
      if (slots.test(slot)) last = slot;
    return by_last_[last];
  }

  std::array<std::map<unsigned long, Choices>, kSlots> by_last_;
};

bool is_wait_or_snapshot(const tp::Step& step) {
  return step.what == tp::Point::snapshot || step.what == tp::Point::await || step.what == tp::Point::synchronize;
}

// Whether `step` of one protocol does what `other` does, and perhaps more often.
bool does(const tp::Step& step, const tp::Step& other) {
  return step.what == other.what && step.cookie == other.cookie &&
         (step.condition == other.condition || step.condition == tp::Step::Condition::always);
}

// Whether `more` has the steps of `less`, in any order, and besides waits and snapshots alone.
bool contains(const Steps& more, const Steps& less) {
  Steps rest = more;
  for (const tp::Step& step : less) {
    const auto found = std::ranges::find_if(rest, [&](const tp::Step& its) { return does(its, step); });
    if (found == rest.end()) return false;
    rest.erase(found);
  }
  return std::ranges::all_of(rest, is_wait_or_snapshot);
}

// Cookies, a bit each.
struct Cookies {
  unsigned taken = 0;
  unsigned awaited = 0;
};

Cookies cookies_of(const tp::Protocol& protocol) {
  Cookies cookies;
  for (const Steps& steps : protocol.steps)
    for (const tp::Step& step : steps) {
      if (step.what == tp::Point::snapshot) cookies.taken |= 1U << step.cookie;
      if (step.what == tp::Point::await) cookies.awaited |= 1U << step.cookie;
    }
  return cookies;
}

class Synthesis {
 public:
  Synthesis(const ProtocolSpace& space, Refuter& refuter, const SynthesisOptions& options)
      : space_(space), refuter_(refuter), options_(options) {
    for (const Setting& setting : space.settings)
      slots_[0].groups.push_back({setting.cost, {static_cast<std::uint32_t>(slots_[0].groups.size())}});
    for (std::size_t i = 0; i < kOrder.size(); ++i)
      for (const Alike& alike : space.choices[static_cast<std::size_t>(kOrder[i])]) add(slots_[i + 1], alike);
    std::set<long long> sums = {0};
    for (int slot = kSlots - 1; slot >= 0; --slot) {
      Slot& its = slots_[static_cast<std::size_t>(slot)];
      for (const long long sum : sums)
        for (const Group& group : its.groups)
          if (sum + group.cost <= options.most) its.sums.insert(sum + group.cost);
      sums = its.sums;
    }
  }

  bool run() {
    for (const long long sum : slots_[0].sums) {
      total_ = sum;
      choose_group(0, sum);
      if (stopped_) return false;
    }
    return true;
  }

 private:
  static void add(Slot& slot, const Alike& alike) {
    Group group{alike.cost, {}};
    for (const Steps& steps : alike.orders) {
      group.lists.push_back(static_cast<std::uint32_t>(slot.lists.size()));
      slot.lists.push_back(steps);
    }
    slot.groups.push_back(std::move(group));
  }

  // Groups for `slot` and all after it, of which the costs are `rest`.
  void choose_group(int slot, long long rest) {
    if (slot == kSlots) return look_at_groups();
    const auto place = static_cast<std::size_t>(slot);
    for (std::uint32_t number = 0; number < slots_[place].groups.size() && !stopped_; ++number) {
      const long long left = rest - slots_[place].groups[number].cost;
      if (slot + 1 < kSlots ? !slots_[place + 1].sums.contains(left) : left != 0) continue;
      groups_[place] = number;
      if (!is_exhausted(slot + 1)) choose_group(slot + 1, left);
    }
  }

  // Of `chosen` groups: whether each of their lists is refuted.
  bool is_exhausted(int chosen) const {
    return exhausted_[static_cast<std::size_t>(chosen - 1)].contains(first(groups_, chosen));
  }

  static Choice first(Choice choice, int chosen) {
    std::fill(choice.begin() + chosen, choice.end(), 0);
    return choice;
  }

  void look_at_groups() {
    for (int slot = 0; slot < kSlots; ++slot) choice_[static_cast<std::size_t>(slot)] = group(slot).lists.front();
    const tp::Protocol protocol = chosen();
    if (!is_candidate(protocol)) return;
    deepest_ = 0;
    if (choose_list(0) || stopped_) return;
    if (deepest_ < kSlots) exhausted_[static_cast<std::size_t>(deepest_)].insert(first(groups_, deepest_ + 1));
  }

  bool is_candidate(const tp::Protocol& protocol) const {
    const Cookies cookies = cookies_of(protocol);
    if ((cookies.awaited & ~cookies.taken) != 0) return false;
    if (!options_.minimal) return true;
    const auto is_less = [&](const tp::Protocol& its) { return is_within(its, protocol); };
    return cookies.taken == cookies.awaited && std::ranges::none_of(found_, is_less);
  }

  // Lists for `slot` and all after it. Whether a right protocol was found.
  bool choose_list(int slot) {
    deepest_ = std::max(deepest_, slot);
    if (slot == kSlots) return look_at(chosen());
    for (const std::uint32_t number : group(slot).lists) {
      choice_[static_cast<std::size_t>(slot)] = number;
      if (refuted_.has(choice_, slot + 1)) continue;
      if (choose_list(slot + 1) || stopped_) return true;
    }
    return false;
  }

  bool look_at(const tp::Protocol& protocol) {
    const auto refutation = refuter_.refute(protocol);
    if (refuter_.stopped()) return stopped_ = true;
    if (refutation) {
      refuted_.add(slots_of(refutation->made), choice_);
      return false;
    }
    found_.push_back(protocol);
    if (options_.found && !options_.found({protocol, total_})) stopped_ = true;
    return true;
  }

  static Slots slots_of(Transitions made) {
    Slots slots(1);
    for (std::size_t i = 0; i < kOrder.size(); ++i) slots.set(i + 1, made.test(static_cast<std::size_t>(kOrder[i])));
    return slots;
  }

  static bool is_within(const tp::Protocol& less, const tp::Protocol& more) {
    for (std::size_t i = 0; i < tp::kTransitions; ++i)
      if (!contains(more.steps[i], less.steps[i])) return false;
    return less.cookies_per_tracepoint == more.cookies_per_tracepoint;
  }

  const Group& group(int slot) const {
    const auto place = static_cast<std::size_t>(slot);
    return slots_[place].groups[groups_[place]];
  }

  tp::Protocol chosen() const {
    tp::Protocol protocol = space_.settings[choice_[0]].protocol;
    for (std::size_t i = 0; i < kOrder.size(); ++i)
      protocol.steps[static_cast<std::size_t>(kOrder[i])] = slots_[i + 1].lists[choice_[i + 1]];
    return protocol;
  }

  const ProtocolSpace& space_;
  Refuter& refuter_;
  const SynthesisOptions& options_;
  std::array<Slot, kSlots> slots_;
  Choice groups_{};                                                         // of each slot
  Choice choice_{};                                                         // of each slot: the list
  std::array<std::unordered_set<Choice, HashOfChoice>, kSlots> exhausted_;  // by the last slot that counts
  Refuted refuted_;
  std::vector<tp::Protocol> found_;
  long long total_ = 0;
  int deepest_ = 0;  // slot for which a list was chosen
  bool stopped_ = false;
};

}  // namespace

bool synthesize(const ProtocolSpace& space, Refuter& refuter, const SynthesisOptions& options) {
  return Synthesis(space, refuter, options).run();
}

}  // namespace tpfuzz
