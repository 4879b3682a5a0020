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

// Then each of its tracepoints has made its transition. What they waited for together counts for one of them.
bool is_end_of_batch(const Sequence& sequence, const Event& event) {
  return event.kind == Event::Kind::completed && is_writer(event.cpu) &&
         spans_tracepoints(sequence.operations[event.operation]);
}

}  // namespace

Cost cost_of(const Sequence& sequence, const Trace& trace, const Rules& rules) {
  Cost cost{};
  History history;
  history.start(sequence, rules);
  for (const Event& event : trace.events()) {
    history.add(event);
    history.commit_point(event);
    // Planned is a transition from taking the mutex on: a wait for that is none for readers.
    const auto count = [&](const Event& its) {
      if (const auto transition = history.planned(its).transition)
        add(cost[static_cast<std::size_t>(*transition)], its);
    };
    if (is_end_of_batch(sequence, event))
      for_each_tracepoint(sequence.operations[event.operation], [&](int tp) { count(about(event, tp)); });
    else
      count(event);
  }
  return cost;
}

}  // namespace tpfuzz
