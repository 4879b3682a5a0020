#include "repro/diagram/explain/cookies.h"

#include <algorithm>

namespace tpfuzz {

void Cookies::take(std::optional<tp::Transition> transition, std::size_t tracepoint, std::size_t step) {
  const Named taken = named(transition, tp::Point::snapshot);
  const bool one = std::ranges::count(taken, true) == 1;
  for (std::size_t cookie = 0; cookie < taken.size(); ++cookie)
    if (taken[cookie]) latest_[owner(tracepoint)][cookie] = one ? std::optional(step) : std::nullopt;
}

std::optional<std::size_t> Cookies::awaited(std::optional<tp::Transition> transition, std::size_t tracepoint) const {
  const Named awaited = named(transition, tp::Point::await);
  if (std::ranges::count(awaited, true) != 1) return std::nullopt;
  return latest_[owner(tracepoint)][static_cast<std::size_t>(std::ranges::find(awaited, true) - awaited.begin())];
}

// The cookies that the steps `what` of a transition name.
Cookies::Named Cookies::named(std::optional<tp::Transition> transition, tp::Point what) const {
  Named named{};
  if (protocol_ == nullptr || !transition) return named;
  for (const tp::Step& step : protocol_->of(*transition))
    if (step.what == what) named[step.cookie] = true;
  return named;
}

}  // namespace tpfuzz
