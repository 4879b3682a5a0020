#include "fuzz/oracle/oracle.h"

#include "fuzz/oracle/fault.h"
#include "fuzz/oracle/pairing.h"
#include "fuzz/oracle/progress.h"
#include "fuzz/oracle/result.h"
#include "fuzz/oracle/snapshot.h"

namespace tpfuzz {
namespace {

bool is_hit(const Operation& operation) { return operation.verb == Verb::hit; }

}  // namespace

void Oracle::start(const Sequence& sequence, bool enomem_fails) {
  history_.start(sequence, enomem_fails);
  verdict_.reset();
}

bool Oracle::observe(Event event) {
  std::optional<Invariant> broken = broken_before(event);
  // A hit's end is judged, and reported, at what the reader passed before it left.
  const std::optional<tp::Point> point = history_.last_point(event);
  history_.add(event);
  if (!broken) broken = broken_after(event);
  if (!broken) return true;
  verdict_ = violation(*broken, event);
  verdict_->point = point;
  return false;
}

std::optional<Invariant> Oracle::broken_before(const Event& event) const {
  if (event.kind == Event::Kind::called && !pairing_holds(history_, event)) return Invariant::pairing;
  if (!fault_holds(event)) return Invariant::fault;
  if (!progress_holds(event)) return Invariant::progress;
  return std::nullopt;
}

std::optional<Invariant> Oracle::broken_after(const Event& event) const {
  const bool is_worker = event.cpu == kMaxCpus - 1;
  if (is_worker) return std::nullopt;
  const Operation& operation = history_.operation(event);
  const bool completed = event.kind == Event::Kind::completed;
  if (is_hit(operation)) {
    const bool full = history_.hit(event).calls.size() > kMaxProbes;  // an iterator that finds no end
    const bool leaves = event.kind == Event::Kind::passed && event.point == tp::Point::unlocked;
    const bool ended = leaves || (completed && !history_.hit(event).left);
    if ((ended || full) && !snapshot_holds(history_, event)) return Invariant::snapshot;
  } else if (completed && operation.verb != Verb::sync && !result_holds(history_, event)) {
    return Invariant::result;
  }
  return std::nullopt;
}

Violation Oracle::violation(Invariant invariant, const Event& event) const {
  Violation violation;
  violation.invariant = invariant;
  if (event.cpu == kMaxCpus - 1) return violation;
  switch (history_.operation(event).verb) {
    case Verb::hit:
      violation.transition = history_.hit(event).observed.transition;
      break;
    case Verb::register_probe:
    case Verb::unregister_probe:
      violation.transition = history_.planned(event).transition;
      break;
    default:
      break;
  }
  return violation;
}

}  // namespace tpfuzz
