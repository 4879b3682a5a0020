#include "repro/diagram/explain/free.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "fuzz/oracle/judge.h"
#include "fuzz/oracle/reference.h"
#include "fuzz/sequence/result_names.h"
#include "fuzz/sequence/text.h"
#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/argument_words.h"
#include "repro/diagram/explain/names.h"

namespace tpfuzz {
namespace {

class FreeStory {
 public:
  FreeStory(const FreeRun& run, const Sequence& sequence, const Rules& rules)
      : run_(run), sequence_(sequence), names_(sequence), rules_(rules) {
    for (auto& lists : lists_) lists.resize(1);
    for (const Registration& registration : run.registrations) {
      Lists newest;
      for (std::size_t i = 0; i < newest.size(); ++i) newest[i] = &lists_[i].back();
      plans_.push_back(plan_parts(operation(registration.operation), sequence, newest, rules));
      for (const PlanPart& part : plans_.back())
        lists_[static_cast<std::size_t>(part.tracepoint)].push_back(part.plan.list);
    }
  }

  std::string tell(const Violation& violation) const {
    for (std::size_t cpu = 0; cpu < run_.faults.size(); ++cpu)
      if (run_.faults[cpu] && is_of(violation.invariant, run_.faults[cpu]->signal)) return fault(cpu);
    switch (violation.invariant) {
      case Invariant::pairing:
      case Invariant::snapshot:
      case Invariant::grace:
      case Invariant::arguments:
      case Invariant::key:
        return hit(violation);
      case Invariant::result:
        return registration(violation.invariant);
      case Invariant::hooks: {
        const std::string told = registration(violation.invariant);
        return told.empty() ? hit(violation) : told;
      }
      default:
        return at_end();
    }
  }

 private:
  const Operation& operation(int index) const { return sequence_.operations[static_cast<std::size_t>(index)]; }
  std::string who(int index) const {
    return fmt::format("{}'s `{}`", cpu_name(operation(index).cpu),
                       operation_text(sequence_, static_cast<std::size_t>(index)));
  }

  static bool is_of(Invariant invariant, int signal) {
    if (signal == FreeRun::kStuck) return invariant == Invariant::progress;
    if (signal == FreeRun::kWarned) return invariant == Invariant::warn;
    return invariant == (signal == SIGTRAP ? Invariant::grace : Invariant::fault);
  }

  std::string fault(std::size_t cpu) const {
    const auto& its = *run_.faults[cpu];
    const std::string after = its.point ? fmt::format(" after `{}`", name(*its.point)) : "";
    std::string what = "accessed memory that is not there";
    if (its.signal == SIGTRAP) what = "ran into a function that had been taken away";
    if (its.signal == SIGILL) what = "executed an illegal instruction";
    if (its.signal == FreeRun::kWarned) what = "met a warning of the code under test";
    if (its.signal == FreeRun::kStuck) what = "did not come to its end, or waited for itself";
    for (const Operation& one : sequence_.operations)
      if (one.cpu.number() == static_cast<int>(cpu)) return fmt::format("CPU {} {}{}.", cpu_name(one.cpu), what, after);
    return fmt::format("The worker k0 {}{}.", what, after);
  }

  // The first hit that breaks the invariant by itself.
  std::string hit(const Violation& violation) const {
    for (std::size_t reader = 0; reader < run_.passes.size(); ++reader)
      for (const Pass& pass : run_.passes[reader]) {
        FreeRun alone = run_;
        for (auto& passes : alone.passes) passes.clear();
        alone.passes[reader] = {pass};
        const Verdict verdict = judge(alone, sequence_, rules_);
        if (verdict && verdict->invariant == violation.invariant)
          return hit(violation.invariant, reader, pass) +
                 " A free run has no order of all events; `--engine lockstep` may tell the cause.";
      }
    return "A hit broke it.";
  }

  std::string hit(Invariant invariant, std::size_t reader_number, const Pass& pass) const {
    const bool nested = pass.tracepoint != operation(pass.operation).tp;
    const std::string reader =
        fmt::format("{}{}", reader_number, nested ? fmt::format(", in a nested hit of tp{},", pass.tracepoint) : "");
    const std::string calls = pass.calls.empty() ? "nothing" : names_.called(pass.calls);
    if (invariant == Invariant::grace)
      return fmt::format("Reader r{} called {} and touched what had been taken away.", reader, calls);
    if (invariant == Invariant::arguments) return wrong_argument(reader, pass);
    if (invariant == Invariant::key)
      return fmt::format(
          "Reader r{} found the key of tracepoint {} off, though a user besides the probes held it all the time.",
          reader, pass.tracepoint);
    const auto& lists = lists_[static_cast<std::size_t>(pass.tracepoint)];
    const std::size_t last = std::min<std::size_t>(pass.begun, lists.size() - 1);
    std::string seen;
    for (std::size_t i = std::min<std::size_t>(pass.ended, last); i <= last; ++i)
      seen += (seen.empty() ? "" : ", ") + (lists[i].empty() ? std::string("the empty list") : names_.list(lists[i]));
    if (invariant == Invariant::snapshot)
      return fmt::format("Reader r{} called {}, which is none of the lists that it may have seen: {}.", reader, calls,
                         seen);
    if (invariant == Invariant::hooks)
      return fmt::format("Reader r{} called {}, and its enable hook had not returned 0 when the hit ended.", reader,
                         calls);
    for (const FreeCall& call : pass.calls)
      if (!is_listed(lists, last, call))
        return fmt::format(
            "Reader r{} called {} with {}: no probe with both had been registered when the hit ended. It may have seen "
            "{}.",
            reader, names_.callback(call.func), names_.data(call.data), seen);
    return fmt::format("Reader r{} called {}; it may have seen {}.", reader, calls, seen);
  }

  std::string wrong_argument(const std::string& reader, const Pass& pass) const {
    const auto call =
        std::ranges::find_if(pass.calls, [](const FreeCall& its) { return its.wrong_argument.has_value(); });
    const auto [argument, got] = *call->wrong_argument;
    return fmt::format("Reader r{} called {}, whose {} was {}.", reader, names_.callback(call->func),
                       argument_words(argument), got_words(argument, got));
  }

  bool is_listed(const std::vector<ProbeList>& lists, std::size_t last, const FreeCall& call) const {
    for (std::size_t i = 0; i <= last; ++i)
      for (const Registered& its : lists[i]) {
        const Probe probe = sequence_.probes[its.slot].value_or(Probe{});
        if (probe.func == call.func && probe.data == call.data) return true;
      }
    return false;
  }

  std::string registration(Invariant invariant) const {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const Registration& its = run_.registrations[i];
      const int due_result = result_of(plans_[i]);
      if (invariant == Invariant::result && its.result != due_result)
        return fmt::format("The `{}` of {} returned {}{}; it has to return {}{}.",
                           operation_text(sequence_, static_cast<std::size_t>(its.operation)),
                           cpu_name(operation(its.operation).cpu), its.result != 0 ? "-" : "", result_name(its.result),
                           due_result != 0 ? "-" : "", result_name(due_result));
      for (const auto& [tracepoint, plan] : plans_[i]) {
        const auto tp = static_cast<std::size_t>(tracepoint);
        const HookRuns ran = {its.enabled[tp], its.disabled[tp]};
        if (invariant == Invariant::hooks && ran != plan.hooks)
          return fmt::format("In {} the enable hook ran {} times and the disable hook {} times; due were {} and {}.",
                             who(its.operation), ran.enable, ran.disable, plan.hooks.enable, plan.hooks.disable);
      }
      if (invariant == Invariant::hooks && its.hooked_without_mutex)
        return fmt::format("The `{}` of {} ran a hook without the mutex of all registrations.",
                           operation_text(sequence_, static_cast<std::size_t>(its.operation)),
                           cpu_name(operation(its.operation).cpu));
    }
    return "";
  }

  std::string at_end() const {
    int published = 0;
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      const Observation& seen = run_.observations[i];
      const ProbeList& list = lists_[i].back();
      published = std::max(published, seen.arrays);
      const bool used = !list.empty() || run_.held[i];
      if (!used && seen.entries.empty() && !seen.key_on && seen.text_whole) continue;
      const std::string array = names_.array(seen.entries), listed = names_.list(list);
      if (array != listed)
        return fmt::format("At the end the array of tracepoint {} is {}; what is registered is {}.", i, array, listed);
      if (seen.key_on != used)
        return fmt::format("At the end {} is registered with tracepoint {}, {}and its key is {}.",
                           list.empty() ? "no probe" : listed, i, run_.held[i] ? "another user holds its key, " : "",
                           seen.key_on ? "on" : "off");
      if (!seen.text_whole)
        return fmt::format("At the end a site of tracepoint {} does not hold the instruction that it should.", i);
      if (!seen.promise_kept)
        return fmt::format("At the end tracepoint {} has one entry, and its call is not direct as promised.", i);
    }
    return fmt::format("At the end so many blocks of memory are held: {}; and so many arrays are published: {}.",
                       run_.blocks, published);
  }

  const FreeRun& run_;
  const Sequence& sequence_;
  Names names_;
  const Rules& rules_;
  std::array<std::vector<ProbeList>, kMaxTracepoints> lists_;  // after so many registrations
  std::vector<Parts> plans_;                                   // by registration
};

}  // namespace

std::string explain_free(const FreeRun& run, const Sequence& sequence, const Rules& rules, const Violation& violation) {
  return FreeStory(run, sequence, rules).tell(violation);
}

}  // namespace tpfuzz
