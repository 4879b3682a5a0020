// What runs or is touched although it is gone: `grace` and `fault`.
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/domains.h"
#include "repro/diagram/explain/invariants.h"
#include "repro/diagram/explain/missing_wait.h"
#include "repro/diagram/explain/traps.h"

namespace tpfuzz {
namespace {

class MemoryStory {
 public:
  explicit MemoryStory(const Account& account) : account_(account), phrases_(account), failed_(account.failed()) {}

  Explanation grace() {
    its_.headline = "what sync took away runs";
    its_.summary = fmt::format("{} ran what sync had taken away", phrases_.subject(failed_));
    if (failed_.verb != Verb::hit) {
      its_.say(fmt::format("{} ran into a function that had been taken away.", phrases_.subject(failed_)));
      return std::move(its_);
    }
    its_.point_at(failed_.loaded);
    find_what_was_touched();
    const std::string incarnations = same_probe_again();
    if (!failed_.calls.empty()) {
      its_.summary.clear();
      its_.headline = fmt::format("{}({}) runs after {} took it away",
                                  phrases_.callback(func_, freed_ != nullptr ? freed_->event : account_.last()),
                                  phrases_.data(data_, freed_ != nullptr ? freed_->event : account_.last()),
                                  freed_ != nullptr ? verb_name(account_.runs[freed_->run].verb) : "sync");
    }
    if (freed_ == nullptr) {
      its_.say(fmt::format("{} ran into a trap that nobody answers for.", phrases_.subject(failed_)));
      return std::move(its_);
    }
    its_.point_at(freed_->event);
    its_.say(fmt::format("{} {}, which {} had taken away{}.", phrases_.subject(failed_), touch(),
                         phrases_.operation(freed_->run), incarnations));
    explain_removal();
    explain_reach();
    explain_short_sync(account_, phrases_, failed_, *freed_, its_);
    return std::move(its_);
  }

  Explanation fault() {
    const int signal = account_.playback.events[account_.last()].result;
    its_.headline = signal == SIGILL ? "an illegal instruction is executed" : "memory that is not there is accessed";
    if (failed_.verb != Verb::hit) {
      its_.say(fmt::format("{} {} in {}.", phrases_.subject(failed_), fault_words(signal),
                           phrases_.operation(account_.failed_run)));
      return std::move(its_);
    }
    its_.point_at(failed_.loaded);
    its_.point_at(failed_.dispatched);
    const int tracepoint = account_.tracepoint(failed_);
    const Store* const now = account_.store_before(tracepoint, account_.last());
    // What it calls after `iterating` it has loaded from an entry: it is past `funcs`.
    const bool calls = account_.playback.verdict->point == tp::Point::iterating;
    if (now != nullptr && now->array.empty() && signal == SIGSEGV && !calls)
      explain_null(*now);
    else
      explain_freed_array(tracepoint, signal);
    return std::move(its_);
  }

 private:
  std::string cpu() const { return phrases_.cpu(failed_); }

  static std::string fault_words(int signal) {
    if (signal == SIGILL) return "executed an illegal instruction";
    return "accessed memory that is not there";
  }

  // The function and the data of the hit's last call, or else those that it had loaded and was about to call.
  void find_what_was_touched() {
    const int tracepoint = account_.tracepoint(failed_);
    const auto loaded = account_.array_at(tracepoint, failed_.loaded);
    const Patch* const patch = account_.patch_before(tracepoint, false, account_.last());
    const bool trapped = account_.playback.events[account_.last()].kind == Event::Kind::faulted;
    if (trapped && failed_.dispatched != kNoEvent && !failed_.direct) {
      find_next_entry(account_.array_at(tracepoint, failed_.reloaded));
    } else if (!failed_.calls.empty()) {
      func_ = failed_.calls.back().func;
      data_ = failed_.calls.back().data;
    } else {
      if (patch != nullptr && patch->target < kMaxFunctions) func_ = patch->target;
      if (!loaded.empty()) data_ = loaded.front().data;
    }
    for (const Freed& freed : account_.freed)
      if (freed.event < account_.last() && (has(freed.functions, func_) || has(freed.data, data_))) freed_ = &freed;
    if (freed_ == nullptr) return;
    // What came after the sync are other objects.
    const bool iterates = failed_.dispatched != kNoEvent;
    const Store* const array = account_.store_before(tracepoint, iterates ? failed_.reloaded : failed_.loaded);
    const bool old_array = array == nullptr || array->event < freed_->event;
    const bool old_call = patch == nullptr || patch->event < freed_->event;
    touches_function_ = has(freed_->functions, func_) && (iterates ? old_array : old_call);
    touches_data_ = has(freed_->data, data_) && old_array;
  }

  // What the iterator comes to after its calls: it traps before that function can say that it runs.
  void find_next_entry(const std::vector<Observation::Entry>& array) {
    std::size_t place = 0;
    for (const Observation::Entry& entry : array) {
      if (entry.stub || place++ != failed_.calls.size()) continue;
      func_ = entry.func;
      data_ = entry.data;
    }
  }

  static bool has(std::uint8_t bits, int number) { return number >= 0 && number < 8 && (bits >> number & 1) != 0; }

  std::string touch() const {
    const std::string function = func_ >= 0 ? phrases_.callback(func_, freed_->event) : "";
    const std::string data = data_ >= 0 ? phrases_.data(data_, freed_->event) : "";
    if (touches_function_ && touches_data_) return fmt::format("ran {} with {}", function, data);
    return touches_function_ ? "ran " + function : "used " + data;
  }

  // A probe that was registered again has other objects: say which were meant.
  std::string same_probe_again() const {
    if (freed_ == nullptr) return "";
    const bool again = std::ranges::any_of(account_.runs, [&](const Run& run) {
      return run.verb == Verb::register_probe && run.started > freed_->event && run.started < account_.last() &&
             std::ranges::any_of(
                 run.plan.list,
                 [&](const Registered& its) {
                   const Probe probe = account_.sequence.probes[its.slot].value_or(Probe{});
                   return probe.func == func_ || probe.data == data_;
                 });
    });
    return again ? " (the probe was registered again since, with other objects)" : "";
  }

  // The latest removal before the sync of a probe with what was touched.
  void explain_removal() {
    const Run& sync = account_.runs[freed_->run];
    for (std::size_t i = account_.runs.size(); i-- > 0;) {
      const Run& run = account_.runs[i];
      if (run.verb != Verb::unregister_probe || run.completed == kNoEvent || run.completed > sync.started) continue;
      const auto gone = std::ranges::find_if(run.before, [&](const Registered& its) {
        const Probe probe = account_.sequence.probes[its.slot].value_or(Probe{});
        return (touches_function_ ? probe.func == func_ : probe.data == data_) &&
               std::ranges::find(run.plan.list, its) == run.plan.list.end();
      });
      if (gone == run.before.end()) continue;
      its_.point_at(run.started);
      if (const Store* const store = account_.store_after(account_.tracepoint(run), run.started))
        if (store->run == i) its_.point_at(store->event);
      removal_ = i;
      its_.say(fmt::format("{} had unregistered {} before.", phrases_.the_change(i), phrases_.probe(*gone)));
      return;
    }
  }

  // How the hit could still come to it, if it loaded after the removal.
  void explain_reach() {
    if (!removal_ || failed_.loaded == kNoEvent || failed_.loaded < account_.runs[*removal_].completed) return;
    const int tracepoint = account_.tracepoint(failed_);
    const Store* const store = account_.store_before(tracepoint, failed_.loaded);
    const Patch* const patch = account_.patch_before(tracepoint, false, account_.last());
    if (patch != nullptr) point_at(account_, *patch, its_);
    if (store != nullptr && store->event < freed_->event && !store->array.empty()) {
      if (store->array.front().stub && touches_data_ && !touches_function_)
        its_.say(
            fmt::format("The array that {} loaded after that, {}, begins with a stub, which keeps the data of the "
                        "probe that it replaced.",
                        cpu(), phrases_.array(store->array)));
      else if (std::ranges::any_of(store->array, [&](const auto& entry) {
                 return !entry.stub && (entry.func == func_ || entry.data == data_);
               }))
        return its_.say(fmt::format("The array that {} loaded after that, {}, still lists it.", cpu(),
                                    phrases_.array(store->array)));
    }
    if (failed_.dispatched != kNoEvent || patch == nullptr) return;
    if (touches_function_)
      its_.say(fmt::format("The static call still went to it, where {} had left it.", phrases_.change(patch->run)));
    else if (patch->event > failed_.loaded)
      its_.say(fmt::format("Then {} patched the static call to {}, while {} held that data.",
                           phrases_.change(patch->run), phrases_.callback(func_, patch->event), cpu()));
  }

  void explain_null(const Store& now) {
    its_.headline = failed_.dispatched == kNoEvent ? "the hit dereferences NULL" : "the iterator dereferences NULL";
    its_.point_at(now.event);
    const auto loaded = account_.array_at(account_.tracepoint(failed_), failed_.loaded);
    const Patch* const patch = account_.patch_before(account_.tracepoint(failed_), false, account_.last());
    if (failed_.dispatched == kNoEvent)
      return its_.say(
          fmt::format("{} used tp->funcs without a test: {} had tested it once, {} then published NULL ({}), "
                      "and the second load found that.",
                      phrases_.subject(failed_), cpu(), phrases_.operation(now.run), transition_name(now.run)));
    if (patch != nullptr) point_at(account_, *patch, its_);
    its_.say(
        fmt::format("The iterator of {} dereferenced tp->funcs, which is NULL: {} had loaded {}, {} published NULL, "
                    "and the iterator loads tp->funcs again and trusts it.",
                    phrases_.cpu(failed_), cpu(), phrases_.array(loaded), phrases_.change(now.run)));
  }

  std::string transition_name(std::size_t run) const {
    const auto transition = account_.transition(run);
    return transition ? std::string(name(*transition)) : "no transition";
  }

  // The array that the reader runs through was replaced, and freed.
  void explain_freed_array(int tracepoint, int signal) {
    const std::size_t loaded = failed_.reloaded != kNoEvent ? failed_.reloaded : failed_.loaded;
    const Store* const held = account_.store_before(tracepoint, loaded);
    const Store* const replaced = account_.store_after(tracepoint, loaded);
    if (held == nullptr || replaced == nullptr || failed_.calls.size() > held->array.size()) {
      its_.say(fmt::format("{} {} in {}.", phrases_.subject(failed_), fault_words(signal),
                           held != nullptr ? "the array " + phrases_.array(held->array) + ", or after its end"
                                           : "an operation that had no array"));
      return;
    }
    its_.point_at(held->event);
    its_.point_at(replaced->event);
    its_.say(fmt::format("{} {} in the array {}, which {} had published.", phrases_.subject(failed_),
                         fault_words(signal), phrases_.array(held->array), phrases_.change(held->run)));
    its_.point_at(failed_.locked);
    const Run& change = account_.runs[replaced->run];
    its_.point_at(change.begun);
    its_.say(fmt::format("{} had replaced that array, and it was freed{}.", phrases_.the_change(replaced->run),
                         free_words(change)));
  }

  // Which grace period the free can't have waited for.
  std::string free_words(const Run& change) const {
    const std::string who = cpu();
    if (!account_.playback.seen[account_.last()].inside)
      return fmt::format(": {} had left its read-side section, so nobody waited for it", who);
    if (const std::string by_rule = rule_words(); !by_rule.empty()) return by_rule;
    if (failed_.locked < change.begun)
      return fmt::format(" at once, without a grace period: {} had been in its read-side section since before", who);
    return fmt::format(
        " too early: {} had entered its read-side section before the publish and after the registration "
        "had begun, so a grace period that began before the publish does not cover it",
        who);
  }

  // How the protocol's `free:` lets it go while the reader is inside; empty if that waits for such readers.
  std::string rule_words() const {
    if (account_.protocol == nullptr) return "";
    const tp::Free& rule = account_.protocol->free;
    const tp::Domain readers = account_.readers(failed_);
    switch (rule.when) {
      case tp::Free::When::at_once:
        return fmt::format(" at once, as the protocol's `free: at-once` says: {} was in its read-side section", cpu());
      case tp::Free::When::after_cookie:
        return fmt::format(
            " by the cookie that the protocol's `free: after` names: no grace period that the cookie stands for had to "
            "wait for {}",
            cpu());
      case tp::Free::When::after_grace_periods:
        if (!rule.domains_of(readers).has(readers))
          return fmt::format(
              " after a grace period of {} readers, as the protocol's `free:` says: {} was in a section of {} readers, "
              "of the domain `{}`",
              kind_of_readers(readers == tp::Domain::rcu ? tp::Domain::tasks : tp::Domain::rcu), cpu(),
              kind_of_readers(readers), name(readers));
        break;
      case tp::Free::When::never:
        break;
    }
    return "";
  }

  const Account& account_;
  Phrases phrases_;
  const Run& failed_;
  const Freed* freed_ = nullptr;
  std::optional<std::size_t> removal_;
  int func_ = -1;
  int data_ = -1;
  bool touches_function_ = false;
  bool touches_data_ = false;
  Explanation its_;
};

}  // namespace

namespace {

// Of `threads`: the model has waited for the right readers, the cookie has not.
Explanation unwaited(const Account& account) {
  const Phrases phrases(account);
  tp::Point come = tp::before(tp::Point::synchronize);
  for (std::size_t i = 0; i < account.last(); ++i)
    if (const Event& event = account.playback.events[i]; account.run_of[i] == account.failed_run &&
                                                         event.kind == Event::Kind::passed &&
                                                         event.point != tp::Point::waiting)
      come = event.point;
  const bool awaits = come == tp::before(tp::Point::await);
  Explanation its;
  its.headline = "a wait ended without a grace period";
  its.point_at(account.last());
  its.say(fmt::format("{} came back from {}, and liburcu has had no grace period that began after {}.",
                      phrases.the_change(account.failed_run),
                      Phrases::wait(awaits ? tp::Point::await : tp::Point::synchronize),
                      awaits ? "the cookie was taken" : "the call"));
  its.say(awaits ? "The cookie said that one had ended: the mistake is in the cookie, not in liburcu."
                 : "The mistake is in the call, not in liburcu.");
  return its;
}

}  // namespace

Explanation explain_grace(const Account& account) {
  if (account.playback.events[account.last()].kind == Event::Kind::unwaited) return unwaited(account);
  return MemoryStory(account).grace();
}

Explanation explain_fault(const Account& account) {
  if (auto its = explain_trap(account)) return *std::move(its);
  return MemoryStory(account).fault();
}

}  // namespace tpfuzz
