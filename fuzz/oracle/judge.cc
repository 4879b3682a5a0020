#include "fuzz/oracle/judge.h"

#include <signal.h>

#include <algorithm>
#include <bitset>
#include <span>

#include "fuzz/oracle/hooks.h"
#include "fuzz/oracle/quiescent.h"
#include "fuzz/oracle/snapshot.h"

namespace tpfuzz {
namespace {

// A tracepoint's versions: version n is behind its n-th registration.
struct Versions {
  std::vector<Version> versions = std::vector<Version>(1);
  std::vector<std::optional<tp::Transition>> transitions = {std::nullopt};  // that made each of them
  ProbeList published;                                                      // the last array, stubs and all
  unsigned enables = 0;

  void add(const Plan& plan) {
    if (is_enabled_by(plan)) ++enables;
    versions.push_back(version_of(plan, enables));
    transitions.push_back(plan.transition);
    if (plan.change == Plan::Change::publish) published = plan.list;
  }
};

class Judge {
 public:
  Judge(const FreeRun& run, const Sequence& sequence, const Rules& rules) : run_(run), sequence_(sequence) {
    for (const Registration& registration : run.registrations) {
      Lists lists;
      for (std::size_t i = 0; i < lists.size(); ++i) lists[i] = &tracepoints_[i].versions.back().list;
      plans_.push_back(plan_parts(operation(registration.operation), sequence, lists, rules));
      for (const PlanPart& part : plans_.back()) tracepoints_[static_cast<std::size_t>(part.tracepoint)].add(part.plan);
    }
  }

  Verdict verdict() const {
    if (Verdict late = first_pass(Invariant::grace, [](const Pass& pass) { return pass.late; })) return late;
    if (Verdict fault = first_fault()) return fault;
    if (Verdict mispaired = first_mispaired()) return mispaired;
    if (Verdict wrong = first_wrong_argument()) return wrong;
    if (Verdict off = first_pass(Invariant::key, [](const Pass& pass) { return pass.held && !pass.keyed; })) return off;
    if (!run_.serialized) return std::nullopt;
    if (Verdict torn = first_pass(Invariant::snapshot, [this](const Pass& pass) { return !holds(pass); })) return torn;
    if (Verdict early = first_pass(Invariant::hooks, [this](const Pass& pass) { return !enabled(pass); })) return early;
    if (Verdict wrong = first_registration()) return wrong;
    return at_end();
  }

 private:
  const Operation& operation(int index) const { return sequence_.operations[static_cast<std::size_t>(index)]; }
  const Versions& versions(const Pass& pass) const { return tracepoints_[static_cast<std::size_t>(pass.tracepoint)]; }

  // The newest transition among the versions that a hit may have seen.
  std::optional<tp::Transition> transition(const Pass& pass) const {
    const auto& transitions = versions(pass).transitions;
    for (std::size_t i = std::min<std::size_t>(pass.begun, transitions.size() - 1); i > 0; --i)
      if (transitions[i]) return transitions[i];
    return std::nullopt;
  }

  template <class Broken>
  Verdict first_pass(Invariant invariant, Broken broken) const {
    for (const std::vector<Pass>& passes : run_.passes)
      for (const Pass& pass : passes)
        if (broken(pass)) return Violation{invariant, transition(pass), pass.point};
    return std::nullopt;
  }

  // A trap that is not answered for is a call of a function that was taken away.
  static Invariant invariant_of(int signal) {
    if (signal == FreeRun::kStuck) return Invariant::progress;
    if (signal == FreeRun::kWarned) return Invariant::warn;
    return signal == SIGTRAP ? Invariant::grace : Invariant::fault;
  }

  Verdict first_fault() const {
    for (const auto& fault : run_.faults)
      if (fault) return Violation{invariant_of(fault->signal), std::nullopt, fault->point};
    return std::nullopt;
  }

  bool registers(const Operation& its, const FreeCall& call) const {
    if (its.verb != Verb::register_probe || its.probes == 0) return false;
    const auto slot = static_cast<std::size_t>(std::countr_zero(its.probes));
    const Probe probe = sequence_.probes[slot].value_or(Probe{});
    return probe.func == call.func && probe.data == call.data;
  }

  // With the hit's tracepoint before the hit ended, or with another: nobody knows what had happened at the instant of
  // the call.
  bool registered(const FreeCall& call, const Pass& pass) const {
    unsigned before = 0;
    for (const Registration& registration : run_.registrations) {
      const Operation& its = operation(registration.operation);
      const bool later = concerns(its, pass.tracepoint) && before++ >= pass.begun;
      if (!later && registers(its, call)) return true;
    }
    return !run_.serialized &&
           std::ranges::any_of(sequence_.operations, [&](const Operation& its) { return registers(its, call); });
  }

  Verdict first_mispaired() const {
    for (const std::vector<Pass>& passes : run_.passes)
      for (const Pass& pass : passes)
        for (const FreeCall& call : pass.calls)
          if (!registered(call, pass)) return Violation{Invariant::pairing, transition(pass), call.point};
    return std::nullopt;
  }

  Verdict first_wrong_argument() const {
    for (const std::vector<Pass>& passes : run_.passes)
      for (const Pass& pass : passes)
        for (const FreeCall& call : pass.calls)
          if (call.wrong_argument) return Violation{Invariant::arguments, transition(pass), call.point};
    return std::nullopt;
  }

  std::span<const Version> window_of(const Pass& pass) const {
    const auto& all = versions(pass).versions;
    const std::size_t first = std::min<std::size_t>(pass.ended, all.size() - 1);
    const std::size_t last = std::min<std::size_t>(pass.begun, all.size() - 1);
    return std::span(all).subspan(first, last - first + 1);
  }

  // Whether each call came after its enable hook, as far as is known: the count is of the pass's end.
  bool enabled(const Pass& pass) const {
    return std::ranges::all_of(pass.calls, [&](const FreeCall& call) {
      return enabled_before(window_of(pass), {call.func, call.data}, pass.enabled, sequence_);
    });
  }

  bool holds(const Pass& pass) const {
    const std::span<const Version> window = window_of(pass);
    boost::container::static_vector<Call, kMaxProbes + 1> calls;
    for (const FreeCall& call : pass.calls) calls.push_back({call.func, call.data});
    return is_snapshot({window, window, false}, {calls.data(), calls.size()}, sequence_);
  }

  Verdict first_registration() const {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const Registration& its = run_.registrations[i];
      if (its.result != result_of(plans_[i]))
        return Violation{Invariant::result, plans_[i].front().plan.transition, its.point};
      for (const auto& [tracepoint, plan] : plans_[i]) {
        const auto tp = static_cast<std::size_t>(tracepoint);
        if (HookRuns{its.enabled[tp], its.disabled[tp]} != plan.hooks || its.hooked_without_mutex)
          return Violation{Invariant::hooks, plan.transition, its.point};
      }
    }
    return std::nullopt;
  }

  // A subject that shows nothing of itself is not judged at rest.
  Verdict at_end() const {
    if (!run_.observed) return std::nullopt;
    for (std::size_t tracepoint = 0; tracepoint < tracepoints_.size(); ++tracepoint) {
      const Versions& its = tracepoints_[tracepoint];
      if (is_quiescent(run_.observations[tracepoint], its.published, its.versions.back().list, run_.held[tracepoint],
                       sequence_, run_.blocks))
        continue;
      return Violation{Invariant::quiescent, its.transitions.back(), std::nullopt};
    }
    return std::nullopt;
  }

  const FreeRun& run_;
  const Sequence& sequence_;
  std::array<Versions, kMaxTracepoints> tracepoints_;
  std::vector<Parts> plans_;  // by registration
};

}  // namespace

Verdict judge(const FreeRun& run, const Sequence& sequence, const Rules& rules) {
  return Judge(run, sequence, rules).verdict();
}

}  // namespace tpfuzz
