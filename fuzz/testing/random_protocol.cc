#include "fuzz/testing/random_protocol.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "core/protocol.h"
#include "fuzz/subject/protocol_text.h"

namespace tpfuzz {
namespace {

using tp::Point;
using tp::Step;

constexpr auto kSteps = tp::kWriterSteps;
constexpr int kMostSteps = 7;  // of a transition
constexpr int kMostChanges = 5;

template <class T, std::size_t N>
const T& pick(const std::array<T, N>& from, Random& random) {
  return from[static_cast<std::size_t>(random.below(static_cast<int>(N)))];
}

std::vector<Step>& pick_transition(tp::Protocol& protocol, Random& random) {
  return protocol.steps[static_cast<std::size_t>(random.below(tp::kTransitions))];
}

Step::Condition random_condition(Random& random) {
  if (!random.chance(1, 4)) return Step::Condition::always;
  return random.chance(1, 2) ? Step::Condition::first_data_changed : Step::Condition::first_func_changed;
}

struct Waited {
  tp::Domains domains;
  bool own;
};
constexpr std::array<Waited, 4> kWaited = {
    {{tp::Domain::rcu, false}, {tp::Domain::tasks, false}, {tp::kEveryDomain, false}, {{}, true}}};

Step random_step(Random& random) {
  Step step = {pick(kSteps, random), static_cast<std::uint8_t>(random.below(tp::kCookies)), random_condition(random)};
  if (!tp::names_domains(step.what)) return step;
  const Waited& waited = pick(kWaited, random);
  step.domains = waited.domains;
  step.own = waited.own;
  return step;
}

void add_step(std::vector<Step>& steps, const Step& step, Random& random) {
  steps.insert(steps.begin() + random.below(static_cast<int>(steps.size()) + 1), step);
}

void change_a_step(std::vector<Step>& steps, Random& random) {
  const auto any = [&] { return random.below(static_cast<int>(steps.size())); };
  switch (random.below(6)) {
    case 0:
      if (steps.size() < kMostSteps) add_step(steps, random_step(random), random);
      break;
    case 1:
      if (steps.size() > 1) steps.erase(steps.begin() + any());
      break;
    case 2:
      std::swap(steps[static_cast<std::size_t>(any())], steps[static_cast<std::size_t>(any())]);
      break;
    case 3:
      steps[static_cast<std::size_t>(any())] = random_step(random);
      break;
    case 4:
      steps[static_cast<std::size_t>(any())].condition = random_condition(random);
      break;
    case 5:  // the key bounces around a step
      if (steps.size() + 2 <= kMostSteps) {
        const int around = any();
        steps.insert(steps.begin() + around + 1, {Point::enable_key});
        steps.insert(steps.begin() + around, {Point::disable_key});
      }
      break;
    default:
      break;
  }
}

tp::Protocol drawn(Random& random) {
  tp::Protocol protocol;
  for (auto& steps : protocol.steps)
    for (int i = 1 + random.below(kMostSteps - 1); i > 0; --i) steps.push_back(random_step(random));
  return protocol;
}

tp::Protocol changed(Random& random) {
  const auto shipped = tp::shipped_protocols();
  tp::Protocol protocol =
      tp::shipped_protocol(shipped[static_cast<std::size_t>(random.below(static_cast<int>(shipped.size())))].name);
  for (int i = 1 + random.below(kMostChanges); i > 0; --i) change_a_step(pick_transition(protocol, random), random);
  return protocol;
}

void draw_settings(tp::Protocol& protocol, Random& random) {
  for (bool tp::Protocol::* setting :
       {&tp::Protocol::trusts_funcs, &tp::Protocol::enomem_fails, &tp::Protocol::worker_marks_first,
        &tp::Protocol::cookies_per_tracepoint, &tp::Protocol::promises_direct})
    if (random.chance(1, 5)) protocol.*setting = !(protocol.*setting);
}

void draw_free(tp::Free& free, Random& random) {
  using When = tp::Free::When;
  if (!random.chance(1, 3)) return;
  free.when = pick(std::array{When::after_grace_periods, When::at_once, When::after_cookie, When::never}, random);
  const Waited& waited = pick(kWaited, random);
  free.domains = waited.domains;
  free.own = waited.own;
  free.cookie = static_cast<std::uint8_t>(random.below(tp::kCookies));
}

template <class Rule>
void draw_rule(Rule& rule, int rules, Random& random) {
  if (random.chance(1, 4)) rule = static_cast<Rule>(random.below(rules));
}

bool has(const tp::Protocol& protocol, Point what, std::uint8_t cookie) {
  return std::ranges::any_of(protocol.steps, [&](const std::vector<Step>& steps) {
    return std::ranges::any_of(steps, [&](const Step& step) { return step.what == what && step.cookie == cookie; });
  });
}

// What is awaited somewhere is taken, or queued, somewhere.
void let_waits_end(tp::Protocol& protocol, Random& random) {
  const auto awaits = [&](std::uint8_t cookie) {
    return has(protocol, Point::await, cookie) ||
           (protocol.free.when == tp::Free::When::after_cookie && protocol.free.cookie == cookie);
  };
  for (std::uint8_t cookie = 0; cookie < tp::kCookies; ++cookie)
    if (awaits(cookie) && !has(protocol, Point::snapshot, cookie))
      add_step(pick_transition(protocol, random), {Point::snapshot, cookie}, random);
  const auto queues = [](const Step& step) { return step.what == Point::queue_worker; };
  if (std::ranges::none_of(protocol.steps, [&](const auto& steps) { return std::ranges::any_of(steps, queues); }))
    add_step(pick_transition(protocol, random), {Point::queue_worker}, random);
}

void publish_everywhere(tp::Protocol& protocol, Random& random) {
  for (auto& steps : protocol.steps)
    if (std::ranges::none_of(steps, [](const Step& step) {
          return step.what == Point::publish && step.condition == Step::Condition::always;
        }))
      add_step(steps, {Point::publish}, random);
}

}  // namespace

std::string random_protocol(Random& random, const std::string& name, const RandomParts& parts) {
  tp::Protocol protocol = random.chance(1, 3) ? drawn(random) : changed(random);
  draw_settings(protocol, random);
  draw_rule(protocol.key, tp::kKeyRules, random);
  if (parts.frees) draw_free(protocol.free, random);
  if (parts.traps) draw_rule(protocol.trap, tp::kTrapHandlers, random);
  let_waits_end(protocol, random);
  if (!parts.frees) publish_everywhere(protocol, random);
  protocol.name = name;
  return to_text(protocol);
}

}  // namespace tpfuzz
