#include "fuzz/explore/executions.h"

#include <algorithm>
#include <limits>

namespace tpfuzz {
namespace {

constexpr double kUnknown = -1;
constexpr double kUnderWay = -2;

}  // namespace

double Executions::count() const {
  std::size_t states = 1;
  for (const Step& step : steps_)
    states = std::max({states, std::size_t{step.from} + 1, step.to == kEnd ? 0 : std::size_t{step.to} + 1});
  std::vector<std::size_t> first(states + 1);  // of the steps from each state, in `sorted`
  for (const Step& step : steps_) ++first[step.from + 1];
  for (std::size_t state = 0; state < states; ++state) first[state + 1] += first[state];
  std::vector<Step> sorted(steps_.size());
  std::vector<std::size_t> next(first.begin(), first.end() - 1);
  for (const Step& step : steps_) sorted[next[step.from]++] = step;

  // By the operations that were begun, then by the state. Each is counted after all that follow on it.
  std::vector<double> ways(states * static_cast<std::size_t>(operations_ + 1), kUnknown);
  const auto for_each_next = [&](std::size_t place, auto visit) {
    const std::size_t begun = place / states, state = place % states;
    for (std::size_t i = first[state]; i < first[state + 1]; ++i) {
      if (sorted[i].begins && begun == static_cast<std::size_t>(operations_)) continue;
      visit(sorted[i].to, (begun + (sorted[i].begins ? 1 : 0)) * states + sorted[i].to);
    }
  };
  std::vector<std::size_t> path = {0};
  bool circle = false;
  while (!path.empty() && !circle) {
    const std::size_t place = path.back();
    if (ways[place] == kUnknown) {
      ways[place] = kUnderWay;
      for_each_next(place, [&](std::uint32_t to, std::size_t later) {
        if (to == kEnd) return;
        circle |= ways[later] == kUnderWay;
        if (ways[later] == kUnknown) path.push_back(later);
      });
      continue;
    }
    path.pop_back();
    if (ways[place] != kUnderWay) continue;
    double sum = 0;
    bool is_end = true;
    for_each_next(place, [&](std::uint32_t to, std::size_t later) {
      is_end = false;
      sum += to == kEnd ? 1 : ways[later];
    });
    ways[place] = is_end ? 1 : sum;
  }
  return circle ? std::numeric_limits<double>::infinity() : ways[0];
}

}  // namespace tpfuzz
