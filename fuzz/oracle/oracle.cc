#include "fuzz/oracle/oracle.h"

#include "fuzz/oracle/fault.h"
#include "fuzz/oracle/grace.h"
#include "fuzz/oracle/hooks.h"
#include "fuzz/oracle/pairing.h"
#include "fuzz/oracle/progress.h"
#include "fuzz/oracle/quiescent.h"
#include "fuzz/oracle/result.h"
#include "fuzz/oracle/snapshot.h"
#include "fuzz/oracle/text.h"

namespace tpfuzz {
namespace {

bool is_hit(const Operation& operation) { return operation.verb == Verb::hit; }

}  // namespace

void Oracle::start(const Sequence& sequence, bool enomem_fails) {
  history_.start(sequence, enomem_fails);
  verdict_.reset();
  cost_.start();
}

bool Oracle::observe(Event event) {
  std::optional<Invariant> broken = broken_before(event);
  cost_.add(history_, event);
  history_.add(event);
  if (!broken) broken = broken_after(event);
  if (broken) {
    verdict_ = violation(*broken, event);
    return false;
  }
  history_.go_on(event);
  return true;
}

bool Oracle::at_rest(const Event& completed, const Observation& observation, int blocks) {
  if (quiescent_holds(history_, completed, observation, blocks)) return true;
  verdict_ = violation(Invariant::quiescent, completed);
  return false;
}

std::optional<Invariant> Oracle::broken_before(const Event& event) const {
  switch (event.kind) {
    case Event::Kind::called:
      if (!pairing_holds(history_, event)) return Invariant::pairing;
      break;
    case Event::Kind::late:
    case Event::Kind::faulted:
      if (!grace_holds(event)) return Invariant::grace;
      if (!fault_holds(event)) return Invariant::fault;
      break;
    case Event::Kind::torn:
      if (!text_holds(event)) return Invariant::text;
      break;
    case Event::Kind::stuck:
      if (!progress_holds(event)) return Invariant::progress;
      break;
    default:
      break;
  }
  return std::nullopt;
}

std::optional<Invariant> Oracle::broken_after(const Event& event) const {
  const bool is_worker = event.cpu == kMaxCpus - 1;
  const bool called = event.kind == Event::Kind::called;
  const bool hooked = event.kind == Event::Kind::hooked;
  const bool leaves = event.kind == Event::Kind::passed && event.point == tp::Point::unlocked;
  const bool completed = event.kind == Event::Kind::completed;
  if (is_worker || !(called || hooked || leaves || completed)) return std::nullopt;
  const Operation& operation = history_.operation(event);
  if (is_hit(operation)) {
    const bool full = history_.hit(event).calls.size() > kMaxProbes;  // an iterator that finds no end
    const bool ended = leaves || (completed && !history_.hit(event).left);
    if ((ended || full) && !snapshot_holds(history_, event)) return Invariant::snapshot;
  } else if (operation.verb != Verb::sync) {
    if (completed && !result_holds(history_, event)) return Invariant::result;
    if ((completed || hooked) && !hooks_hold(history_, event)) return Invariant::hooks;
  }
  return std::nullopt;
}

Violation Oracle::violation(Invariant invariant, const Event& event) const {
  Violation violation;
  violation.invariant = invariant;
  violation.point = history_.last_point(event);
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
