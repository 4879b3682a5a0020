#include "fuzz/oracle/oracle.h"

#include "fuzz/oracle/arguments.h"
#include "fuzz/oracle/fault.h"
#include "fuzz/oracle/grace.h"
#include "fuzz/oracle/hooks.h"
#include "fuzz/oracle/key.h"
#include "fuzz/oracle/pairing.h"
#include "fuzz/oracle/patch_order.h"
#include "fuzz/oracle/progress.h"
#include "fuzz/oracle/quiescent.h"
#include "fuzz/oracle/result.h"
#include "fuzz/oracle/snapshot.h"
#include "fuzz/oracle/text.h"
#include "fuzz/oracle/warn.h"

namespace tpfuzz {
void Oracle::start(const Sequence& sequence, const Rules& rules) {
  history_.start(sequence, rules);
  verdict_.reset();
  if (interleavings_ != nullptr) interleavings_->start();
}

bool Oracle::observe(std::span<const Event> events) {
  const Event& last = events.back();
  const bool is_judged = last.kind != Event::Kind::passed || last.point == tp::Point::unlocked;
  pass(is_judged ? events.first(events.size() - 1) : events);
  return !is_judged || take_in(last);
}

// Points that were passed break nothing.
void Oracle::pass(std::span<const Event> events) {
  if (events.empty()) return;
  if (interleavings_ == nullptr) {
    history_.pass(events);
    return history_.commit_point(events.back());
  }
  for (const Event& event : events) {
    history_.pass({&event, 1});
    interleavings_->add(history_, event);
    history_.commit_point(event);
  }
}

bool Oracle::take_in(const Event& event) {
  if (const auto broken = judge(event)) {
    verdict_ = violation(*broken, event);
    return false;
  }
  if (interleavings_ != nullptr) interleavings_->add(history_, event);
  history_.commit_point(event);
  return true;
}

bool Oracle::at_rest(const Event& completed, const Observation& observation, int blocks) {
  if (quiescent_holds(history_, completed, observation, blocks)) return true;
  verdict_ = violation(Invariant::quiescent, completed);
  return false;
}

// A call is judged before the history takes it in, everything else after.
std::optional<Invariant> Oracle::judge(const Event& event) {
  switch (event.kind) {
    case Event::Kind::started:
      history_.start_operation(event);
      break;
    case Event::Kind::passed:
      history_.pass({&event, 1});
      if (event.point == tp::Point::unlocked && !snapshot_holds(event)) return Invariant::snapshot;
      break;
    case Event::Kind::parked:
      history_.park(event);
      break;
    case Event::Kind::called: {
      const bool paired = pairing_holds(history_, event);
      history_.call(event);
      if (!paired) return Invariant::pairing;
      if (!hooks_hold(history_, event)) return Invariant::hooks;
      const bool full = history_.hit(event).calls.size() > kMaxProbes;  // an iterator that finds no end
      if (full && !snapshot_holds(event)) return Invariant::snapshot;
      break;
    }
    case Event::Kind::completed:
      history_.complete(event);
      return judge_end(event);
    case Event::Kind::nested:
      history_.nest(event);
      break;
    case Event::Kind::unnested:
      if (!hit_end_holds(event)) return Invariant::snapshot;
      if (!key_holds(history_.hit(event))) return Invariant::key;
      break;
    case Event::Kind::hooked:
      history_.hook(event);
      if (!hooks_hold(history_, event)) return Invariant::hooks;
      break;
    case Event::Kind::faulted:
      history_.fault(event);
      [[fallthrough]];
    case Event::Kind::late:
    case Event::Kind::unwaited:
      if (!grace_holds(event)) return Invariant::grace;
      if (!fault_holds(event)) return Invariant::fault;
      break;
    case Event::Kind::torn:
      if (!text_holds(event)) return Invariant::text;
      break;
    case Event::Kind::disorder:
      if (!patch_order_holds(event)) return Invariant::patch_order;
      break;
    case Event::Kind::wrong_argument:
      if (!arguments_hold(event)) return Invariant::arguments;
      break;
    case Event::Kind::warned:
      if (!warn_holds(event)) return Invariant::warn;
      break;
    case Event::Kind::stuck:
    case Event::Kind::endless:
      if (!progress_holds(event)) return Invariant::progress;
      break;
    case Event::Kind::resumed:
      history_.resume(event);
      break;
    case Event::Kind::waits:
      break;
  }
  return std::nullopt;
}

std::optional<Invariant> Oracle::judge_end(const Event& event) const {
  if (is_worker(event.cpu)) return std::nullopt;  // the worker's runs are no operations
  switch (history_.operation(event).verb) {
    case Verb::hit:
      if (!hit_end_holds(event)) return Invariant::snapshot;
      if (!key_holds(history_.hit(event))) return Invariant::key;
      break;
    case Verb::key_inc:
    case Verb::key_dec:
      if (!result_holds(history_, event)) return Invariant::result;
      break;
    case Verb::register_probe:
    case Verb::unregister_probe:
      if (!result_holds(history_, event)) return Invariant::result;
      if (!hooks_hold(history_, event)) return Invariant::hooks;
      break;
    default:
      break;
  }
  return std::nullopt;
}

// A hit was judged when it left its section; what it has called since was not.
bool Oracle::hit_end_holds(const Event& event) const {
  const Hit& hit = history_.hit(event);
  const bool judged = hit.left && hit.left_after == hit.calls.size();
  return judged || snapshot_holds(event);
}

bool Oracle::snapshot_holds(const Event& event) const {
  const auto& calls = history_.hit(event).calls;
  return is_snapshot(history_.window(event), {calls.data(), calls.size()}, history_.sequence());
}

Violation Oracle::violation(Invariant invariant, const Event& event) const {
  Violation violation;
  violation.invariant = invariant;
  violation.point = history_.last_point(event);
  if (is_worker(event.cpu)) return violation;
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
