#include "fuzz/oracle/cost.h"

#include "fuzz/oracle/history.h"

namespace tpfuzz {
namespace {

bool comes_to_wait_for_readers(std::optional<tp::Point> last) {
  return last == tp::before(tp::Point::synchronize) || last == tp::before(tp::Point::await) ||
         last == tp::before(tp::Point::await_worker);
}

// `last` is what the CPU passed before.
void add(TransitionCost& cost, const Event& event, std::optional<tp::Point> last) {
  if (event.kind == Event::Kind::completed) ++cost.times;
  if (event.kind != Event::Kind::passed) return;
  if (event.point == tp::Point::snapshot) ++cost.cookies;
  if (event.point == tp::Point::trapped) ++cost.patches;
  if (event.point == tp::Point::waiting && comes_to_wait_for_readers(last)) ++cost.grace_periods;
}

}  // namespace

Cost cost_of(const Sequence& sequence, const Trace& trace, bool enomem_fails) {
  Cost cost{};
  History history;
  history.start(sequence, enomem_fails);
  for (const Event& event : trace.events()) {
    history.add(event);
    const bool by_writer = event.cpu < kMaxWriters && history.operation(event).verb != Verb::sync;
    if (by_writer)
      if (const auto transition = history.planned(event).transition)
        add(cost[static_cast<std::size_t>(*transition)], event, history.last_point(event));
    history.go_on(event);
  }
  return cost;
}

}  // namespace tpfuzz
