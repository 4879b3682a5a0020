#include "fuzz/oracle/cost.h"

namespace tpfuzz {
namespace {

bool comes_to_wait_for_readers(std::optional<tp::Point> last) {
  return last == tp::before(tp::Point::synchronize) || last == tp::before(tp::Point::await) ||
         last == tp::before(tp::Point::await_worker);
}

}  // namespace

void Cost::add(const History& history, const Event& event) {
  if (event.cpu >= kMaxWriters) return;
  const auto transition = history.planned(event).transition;
  if (!transition || history.operation(event).verb == Verb::sync) return;
  Row& row = rows_[static_cast<std::size_t>(*transition)];
  if (event.kind == Event::Kind::completed) ++row.times;
  if (event.kind != Event::Kind::passed) return;
  if (event.point == tp::Point::snapshot) ++row.cookies;
  if (event.point == tp::Point::trapped) ++row.patches;
  if (event.point == tp::Point::waiting && comes_to_wait_for_readers(history.last_point(event))) ++row.grace_periods;
}

}  // namespace tpfuzz
