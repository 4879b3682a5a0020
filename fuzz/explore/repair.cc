#include "fuzz/explore/repair.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "fuzz/explore/step_cost.h"
#include "fuzz/subject/mistake/mistaken_subject.h"
#include "fuzz/subject/protocol_text.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Protocol;
using tp::Step;
using Condition = Step::Condition;

constexpr int kMostChanges = 2;
constexpr Condition kConditions[] = {Condition::always, Condition::first_data_changed, Condition::first_func_changed};

// The steps that may be added.
std::vector<Step> additions(bool own) {
  std::vector<Step> steps;
  for (const Point point :
       {Point::publish, Point::update_call, Point::call_iterator, Point::enable_key, Point::disable_key})
    steps.push_back({point});
  Step wait{Point::synchronize};
  if (own) wait.domains = {};
  wait.own = own;
  steps.push_back(wait);
  for (std::uint8_t cookie = 0; cookie < tp::kCookies; ++cookie) {
    steps.push_back({Point::await, cookie});
    wait.what = Point::snapshot;
    wait.cookie = cookie;
    for (const Condition condition : kConditions) {
      wait.condition = condition;
      steps.push_back(wait);
    }
  }
  return steps;
}

std::ptrdiff_t place(std::size_t at) { return static_cast<std::ptrdiff_t>(at); }

// Calls `take` with each list that is one change away from `steps`.
template <class Take>
void for_each_change(const Steps& steps, const std::vector<Step>& additions, Take take) {
  const auto inserted = [](Steps list, std::size_t at, const Step& step) {
    list.insert(list.begin() + place(at), step);
    return list;
  };
  for (std::size_t at = 0; at <= steps.size(); ++at)
    for (const Step& step : additions) take(inserted(steps, at, step));
  for (std::size_t at = 0; at < steps.size(); ++at) {
    Steps without = steps;
    without.erase(without.begin() + place(at));
    if (!without.empty()) take(without);
    for (std::size_t to = 0; to <= without.size(); ++to)
      if (to != at) take(inserted(without, to, steps[at]));
    for (const Condition condition : kConditions) {
      if (condition == steps[at].condition) continue;
      Steps other = steps;
      other[at].condition = condition;
      take(std::move(other));
    }
  }
}

// Each thing once, with the fewest changes that lead to it; by its text.
template <class T>
using Near = std::map<std::string, std::pair<int, T>>;

// Adds what is one change away from those that `changes` lead to; `for_each(value, take)` calls take(changed).
template <class T, class ForEach, class Text>
void go_further(Near<T>& near, int changes, ForEach for_each, Text text) {
  std::vector<T> edge;
  for (const auto& [key, its] : near)
    if (its.first == changes) edge.push_back(its.second);
  for (const T& value : edge)
    for_each(value, [&](const T& changed) { near.try_emplace(text(changed), changes + 1, changed); });
}

std::vector<Alike> lists_near(const Steps& steps, bool own) {
  const auto text = [](const Steps& its) { return to_text(its); };
  const std::vector<Step> added = additions(own);
  Near<Steps> near = {{text(steps), {0, steps}}};
  for (int i = 0; i < kMostChanges; ++i)
    go_further(near, i, [&](const Steps& its, auto take) { for_each_change(its, added, take); }, text);
  std::map<long long, Alike> by_cost;  // what is alike here costs the same
  for (const auto& [key, its] : near) {
    Alike& alike = by_cost[its.first * kCostOfChange + step_cost(its.second).number()];
    alike.orders.push_back(its.second);
  }
  std::vector<Alike> all;
  for (auto& [cost, alike] : by_cost) all.push_back({cost, std::move(alike.orders)});
  return all;
}

tp::TrapHandler right_for(tp::TrapHandler handler) {
  switch (handler) {
    case tp::TrapHandler::counted_inside:
    case tp::TrapHandler::uncounted:
    case tp::TrapHandler::published_late:
      return tp::TrapHandler::counted;
    case tp::TrapHandler::cleared_first:
      return tp::TrapHandler::rendezvous;
    case tp::TrapHandler::hook:
      return tp::TrapHandler::hook_rendezvous;
    default:
      return handler;
  }
}

// Calls `take` with each protocol that differs from `protocol` in one setting.
template <class Take>
void for_each_setting(const Protocol& protocol, Take take) {
  const auto with = [&](auto change) {
    Protocol changed = protocol;
    change(changed);
    if (!tp::same(changed, protocol)) take(changed);
  };
  with([](Protocol& its) { its.trusts_funcs = false; });
  with([](Protocol& its) { its.worker_marks_first = false; });
  with([](Protocol& its) { its.cookies_per_tracepoint = !its.cookies_per_tracepoint; });
  with([](Protocol& its) { its.free = {}; });
  with([](Protocol& its) { its.key = its.key == tp::KeyRule::flag ? its.key : tp::KeyRule::count; });
  with([](Protocol& its) { its.trap = right_for(its.trap); });
  with([](Protocol& its) { its.hit = 0; });
  with([](Protocol& its) { its.iterate = 0; });
  for (std::size_t i = 0; i < protocol.mistakes.size(); ++i)
    with([i](Protocol& its) { its.mistakes.erase(its.mistakes.begin() + place(i)); });
}

std::vector<Setting> settings_near(Protocol protocol) {
  for (Steps& steps : protocol.steps) steps.clear();
  const auto text = [](const Protocol& its) { return to_text(its, dialect()); };
  Near<Protocol> near = {{text(protocol), {0, protocol}}};
  for (int i = 0; i < kMostChanges; ++i)
    go_further(near, i, [](const Protocol& its, auto take) { for_each_setting(its, take); }, text);
  std::vector<Setting> all;
  for (const auto& [key, its] : near) all.push_back({its.first * kCostOfChange, its.second});
  return all;
}

bool calls_directly(const Protocol& protocol) {
  const auto& steps = protocol.of(tp::Transition::add_first);
  return std::ranges::any_of(steps, [](const Step& step) { return step.what == Point::update_call; });
}

}  // namespace

ProtocolSpace repair_space(const Protocol& protocol, bool own) {
  ProtocolSpace space;
  Protocol promising = protocol;
  promising.promises_direct |= calls_directly(protocol);
  space.settings = settings_near(std::move(promising));
  for (std::size_t i = 0; i < tp::kTransitions; ++i) space.choices[i] = lists_near(protocol.steps[i], own);
  return space;
}

}  // namespace tpfuzz
