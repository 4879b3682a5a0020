#include "fuzz/explore/refuter.h"

#include "fuzz/execute.h"
#include "fuzz/explore/explorer.h"

namespace tpfuzz {
namespace {

constexpr long kBetweenQuestions = 64;

// The transitions that an execution has begun.
Transitions made(const Sequence& sequence, const Trace& trace, const Rules& rules) {
  Transitions made;
  History history;
  history.start(sequence, rules);
  for (const Event& event : trace.events()) {
    history.add(event);
    history.commit_point(event);
    if (is_writer(event.cpu))
      if (const auto transition = history.planned(event).transition) made.set(static_cast<std::size_t>(*transition));
  }
  return made;
}

}  // namespace

std::optional<Refutation> Refuter::refute(const tp::Protocol& protocol) {
  ++tried_;
  if (goes_on_ && tried_ % kBetweenQuestions == 0 && !goes_on_()) stopped_ = true;
  if (stopped_) return std::nullopt;
  const auto subject = make_(protocol);
  std::optional<Executor> executor(*subject);
  const auto broken = [&](const Sequence& sequence) -> std::optional<Refutation> {
    const Execution execution = executor->run(sequence);
    if (!execution.verdict) return std::nullopt;
    return Refutation{sequence, made(sequence, execution.trace, subject->rules())};
  };
  for (auto sequence = known_.begin(); sequence != known_.end(); ++sequence)
    if (auto refutation = broken(*sequence)) {
      known_.splice(known_.begin(), known_, sequence);
      return refutation;
    }
  executor.reset();
  ++explored_;
  for (const Bounds& bounds : bounds_) {
    const Explored explored = explore(*subject, bounds, {.progress = [&](const Explored&) {
      stopped_ = stopped_ || (goes_on_ && !goes_on_());
      return !stopped_;
    }});
    if (stopped_) return std::nullopt;
    if (!explored.broken) continue;
    executor.emplace(*subject);
    if (explored.counterexample)
      if (auto refutation = broken(*explored.counterexample)) {
        known_.push_front(*explored.counterexample);
        return refutation;
      }
    return Refutation{std::nullopt, Transitions().set()};
  }
  return std::nullopt;
}

}  // namespace tpfuzz
