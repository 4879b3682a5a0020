#include "fuzz/explore/protocol_space.h"

#include <algorithm>
#include <optional>

#include "fuzz/explore/step_cost.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Step;
using tp::Transition;
using Condition = Step::Condition;

constexpr std::uint8_t kRemoved = 0;
constexpr std::uint8_t kChanged = 1;

using Maybe = std::vector<std::optional<Step>>;

// What the transitions are made of, for readers of one kind.
class Parts {
 public:
  explicit Parts(bool own) : own_(own) {}

  Maybe waits(bool at_ends) const {
    Maybe waits = {std::nullopt, for_readers({Point::synchronize}), Step{Point::await, kChanged}};
    if (at_ends) waits.emplace_back(Step{Point::await, kRemoved});
    return waits;
  }
  Maybe snapshots_of_change() const {
    Maybe snapshots = {std::nullopt};
    for (const Condition condition : {Condition::first_data_changed, Condition::first_func_changed, Condition::always})
      snapshots.emplace_back(for_readers({Point::snapshot, kChanged, condition}));
    return snapshots;
  }
  Maybe snapshots_of_removal() const {
    return {std::nullopt, for_readers({Point::snapshot, kRemoved}), for_readers({Point::snapshot, kChanged})};
  }

 private:
  Step for_readers(Step step) const {
    if (own_) step.domains = {};
    step.own = own_;
    return step;
  }

  const bool own_;
};

bool same(const Step& one, const Step& other) {
  return one.what == other.what && one.cookie == other.cookie && one.condition == other.condition;
}

// Whether a shipped protocol has these steps there, whoever is waited for.
bool is_shipped(const Steps& steps, Transition transition) {
  return std::ranges::any_of(tp::shipped_protocols(), [&](const tp::ShippedProtocol& shipped) {
    return std::ranges::equal(tp::shipped_protocol(shipped.name).of(transition), steps, same);
  });
}

// All orders of `what`, with `snapshot` after publish and `wait` anywhere.
std::vector<Steps> orders(std::vector<Point> what, const std::optional<Step>& snapshot,
                          const std::optional<Step>& wait) {
  std::vector<Steps> all;
  std::ranges::sort(what);
  do {
    Steps steps;
    for (const Point point : what) {
      steps.push_back({point});
      if (point == Point::publish && snapshot) steps.push_back(*snapshot);
    }
    if (!wait) all.push_back(steps);
    for (std::size_t at = 0; wait && at <= steps.size(); ++at) {
      Steps waiting = steps;
      waiting.insert(waiting.begin() + static_cast<std::ptrdiff_t>(at), *wait);
      all.push_back(std::move(waiting));
    }
  } while (std::ranges::next_permutation(what).found);
  return all;
}

// Where a wait is certain in one order and possible in another, these are of two groups. An order that people have
// chosen is tried first.
void add(std::vector<Alike>& choices, const std::vector<Steps>& orders, Transition transition) {
  for (const Steps& steps : orders) {
    const long long cost = step_cost(steps).number();
    auto its = std::ranges::find_if(choices, [&](const Alike& group) {
      return group.cost == cost && std::ranges::is_permutation(group.orders.front(), steps, same);
    });
    if (its == choices.end()) its = choices.insert(choices.end(), {cost, {}});
    its->orders.insert(is_shipped(steps, transition) ? its->orders.begin() : its->orders.end(), steps);
  }
}

std::vector<Alike> choices(const std::vector<std::vector<Point>>& bases, const Maybe& snapshots, const Maybe& waits,
                           Transition transition) {
  std::vector<Alike> choices;
  for (const auto& what : bases)
    for (const auto& snapshot : snapshots)
      for (const auto& wait : waits) add(choices, orders(what, snapshot, wait), transition);
  return choices;
}

}  // namespace

double ProtocolSpace::size() const {
  auto size = static_cast<double>(settings.size());
  for (const auto& its : choices) {
    std::size_t lists = 0;
    for (const Alike& alike : its) lists += alike.orders.size();
    size *= static_cast<double>(lists);
  }
  return size;
}

ProtocolSpace protocol_space(bool for_faultable) {
  const Parts parts(for_faultable);
  ProtocolSpace space;
  tp::Protocol protocol;
  protocol.promises_direct = true;
  space.settings.push_back({0, protocol});
  if (for_faultable) {
    protocol.cookies_per_tracepoint = true;
    space.settings.push_back({0, protocol});
  }
  const auto set = [&](Transition transition, const std::vector<std::vector<Point>>& bases, const Maybe& snapshots,
                       const Maybe& waits) {
    space.choices[static_cast<std::size_t>(transition)] = choices(bases, snapshots, waits, transition);
  };
  const Maybe none = {std::nullopt};
  set(Transition::add_first, {{Point::update_call, Point::publish, Point::enable_key}}, none, parts.waits(true));
  set(Transition::remove_last,
      {{Point::disable_key, Point::publish}, {Point::disable_key, Point::call_iterator, Point::publish}},
      parts.snapshots_of_removal(), parts.waits(true));
  for (const Transition transition : {Transition::add_second, Transition::remove_to_one})
    set(transition, {{Point::update_call, Point::publish}}, parts.snapshots_of_change(), parts.waits(false));
  for (const Transition transition : {Transition::add_more, Transition::remove_to_more})
    set(transition, {{Point::publish}}, parts.snapshots_of_change(), parts.waits(false));
  return space;
}

}  // namespace tpfuzz
