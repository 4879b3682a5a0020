#include "fuzz/oracle/cost.h"

#include "fuzz/oracle/history.h"

namespace tpfuzz {
namespace {

void add(TransitionCost& cost, const Event& event) {
  if (event.kind == Event::Kind::completed) ++cost.times;
  if (event.kind != Event::Kind::passed) return;
  if (event.point == tp::Point::snapshot) ++cost.cookies;
  if (event.point == tp::Point::trapped) ++cost.patches;
  if (event.point == tp::Point::waiting) ++cost.grace_periods;
}

}  // namespace

Cost cost_of(const Sequence& sequence, const Trace& trace, bool enomem_fails) {
  Cost cost{};
  History history;
  history.start(sequence, enomem_fails);
  for (const Event& event : trace.events()) {
    history.add(event);
    // Planned is a transition from taking the mutex on: a wait for that is none for readers.
    if (const auto transition = history.planned(event).transition)
      add(cost[static_cast<std::size_t>(*transition)], event);
  }
  return cost;
}

}  // namespace tpfuzz
