#include "repro/diagram/explain/missing_wait.h"

#include <fmt/format.h>

#include <algorithm>

#include "fuzz/sequence/vocabulary.h"
#include "repro/diagram/explain/domains.h"

namespace tpfuzz {
namespace {

using tp::Point;

// A step of a transition, as its protocol's text has it.
struct PlannedStep {
  const tp::Step* step = nullptr;
  std::size_t place = 0;
};

// Whether `reader` was in its section when it called, or else at last.
bool is_inside(const Account& account, const Run& reader) {
  return account.playback.seen[reader.calls.empty() ? account.last() : reader.calls.front().event].inside;
}

class MissingWait {
 public:
  MissingWait(const Account& account, const Phrases& phrases, const Run& reader, const Patch& patch,
              Explanation& explanation)
      : account_(account),
        phrases_(phrases),
        reader_(reader),
        patch_(patch),
        explanation_(explanation),
        replaced_(account.store_after(account.tracepoint(reader), reader.loaded)) {}

  void explain() {
    if (explain_section()) return;
    if (replaced_ == nullptr || replaced_->event > patch_.event) return explain_patch_before_publish();
    explanation_.point_at(replaced_->event);
    bool waited = false;
    for (const Waited& wait : account_.waits)
      if (wait.step != Point::begun && wait.over < patch_.event && concerns(wait.run)) {
        waited |= wait.come > replaced_->event;
        if (wait.come > replaced_->event) explain_wait(wait);
      }
    if (!waited) explain_no_wait();
  }

 private:
  std::string cpu() const { return phrases_.cpu(reader_); }
  bool concerns(std::size_t run) const { return run == patch_.run || run == replaced_->run; }

  // Who is in no section is waited for by nobody.
  bool explain_section() {
    if (reader_.locked == kNoEvent || reader_.locked > reader_.loaded) {
      explanation_.say(
          "The reader had loaded tp->funcs before it entered its read-side section, so no grace "
          "period waits for it.");
      explanation_.point_at(reader_.locked);
      return true;
    }
    if (is_inside(account_, reader_)) return false;
    explanation_.say("The reader had left its read-side section before it called, so no grace period waited for it.");
    explanation_.point_at(reader_.locked);
    return true;
  }

  void explain_patch_before_publish() {
    explanation_.say(fmt::format("{} patches the static call while that array is still published.",
                                 phrases_.the_operation(patch_.run)));
  }

  // The steps that the protocol has for what `run` does; none if it is not known.
  std::span<const tp::Step> steps(std::size_t run) const {
    const auto transition = account_.transition(run);
    if (account_.protocol == nullptr || !transition) return {};
    return account_.protocol->of(*transition);
  }

  // Whose readers `run` waits for at its steps `step`; ordinary ones if that is not known.
  tp::Domains waited_for(Point step, std::size_t run) const {
    return domains_of(account_.protocol, account_.transition(run), step, account_.readers(account_.runs[run]))
        .value_or(tp::Domain::rcu);
  }
  std::string words(Point step, std::size_t run) const { return Phrases::wait(step, waited_for(step, run)); }

  // A cookie is about those whom the operation had named that took it.
  tp::Domains waited_for(const Waited& wait) const {
    if (wait.step == Point::await && wait.snapshot) return waited_for(Point::snapshot, account_.run_of[*wait.snapshot]);
    return waited_for(wait.step, wait.run);
  }

  static bool is_wait(Point step) { return tp::waits(step); }
  static bool is_patch(Point step) { return tp::patches(step, tp::touched::call); }

  // The first step of `run` for which `is` holds, from `place` on.
  template <class Is>
  PlannedStep find(std::size_t run, Is is, std::size_t place = 0) const {
    const auto all = steps(run);
    for (; place < all.size(); ++place)
      if (is(all[place])) return {&all[place], place};
    return {};
  }

  static std::string condition(const tp::Step& step) {
    const bool of_data = step.condition == tp::Step::Condition::first_data_changed;
    return fmt::format("the first entry's {0} did not change (`if first.{0}`)", of_data ? "data" : "func");
  }
  static bool is_conditional(const tp::Step& step) { return step.condition != tp::Step::Condition::always; }

  // What stands in the protocol between the publish and the patch.
  void explain_no_wait() {
    const bool one = patch_.run == replaced_->run;
    const auto publishes = [](const tp::Step& step) { return step.what == Point::publish; };
    const auto waits = [](const tp::Step& step) { return is_wait(step.what); };
    const PlannedStep publish = find(replaced_->run, publishes);
    const PlannedStep early = find(replaced_->run, waits);
    const PlannedStep wait = find(patch_.run, waits);
    const PlannedStep update = find(patch_.run, [](const tp::Step& step) { return is_patch(step.what); });
    const std::string by = account_.transition(patch_.run) ? std::string(name(*account_.transition(patch_.run))) : "it";
    const std::string patcher = phrases_.the_operation(patch_.run);
    if (wait.step != nullptr && update.step != nullptr && wait.place > update.place)
      return explanation_.say(fmt::format("{} updates the static call before it waits ({}): nobody had waited for {}.",
                                          patcher, words(wait.step->what, patch_.run), cpu()));
    if (early.step != nullptr && publish.step != nullptr && early.place < publish.place && !is_conditional(*early.step))
      return explain_early(*early.step);
    if (wait.step != nullptr && is_conditional(*wait.step))
      return explanation_.say(fmt::format("{} skipped its {}, as {}: nobody had waited for {}.", patcher,
                                          words(wait.step->what, patch_.run), condition(*wait.step), cpu()));
    if (early.step != nullptr && is_conditional(*early.step))
      return explanation_.say(fmt::format("{} skipped its {}, as {}: nobody had waited for {}.",
                                          phrases_.the_operation(replaced_->run),
                                          words(early.step->what, replaced_->run), condition(*early.step), cpu()));
    if (one)
      return explanation_.say(
          fmt::format("{} waits for no reader between its publish and its patch.", capitalized(by)));
    const auto replaced_by = account_.transition(replaced_->run);
    explanation_.say(
        fmt::format("Nothing waited for {} in between: neither {} after its publish nor {} before its patch "
                    "has a wait for readers.",
                    cpu(), replaced_by ? name(*replaced_by) : "the removal", by));
  }

  void explain_early(const tp::Step& wait) {
    for (const Waited& its : account_.waits)
      if (its.run == replaced_->run && its.over < replaced_->event) explanation_.point_at(its.over);
    explanation_.say(
        fmt::format("{} waits ({}) before it publishes, and not after: nobody waits for the readers of the "
                    "array that it replaces, and {} is one.",
                    phrases_.the_operation(replaced_->run), words(wait.what, replaced_->run), cpu()));
  }

  void explain_wait(const Waited& wait) {
    explanation_.point_at(reader_.locked);
    explanation_.point_at(wait.come);
    explanation_.point_at(wait.over);
    if (!waited_for(wait).has(account_.readers(reader_))) return explain_domain(wait);
    if (wait.step == Point::await) return explain_await(wait);
    if (wait.step == Point::await_worker) return explain_worker(wait);
    if (reader_.locked < wait.come)
      return explanation_.say(
          fmt::format("{} of {} returned while {} was still in the section that it had entered "
                      "before: that wait did not wait for readers.",
                      words(wait.step, wait.run), phrases_.operation(wait.run), cpu()));
    explanation_.say(fmt::format("{} of {} had begun before {} entered its section.",
                                 capitalized(words(wait.step, wait.run)), phrases_.operation(wait.run), cpu()));
  }

  void explain_domain(const Waited& wait) {
    if (wait.snapshot) explanation_.point_at(*wait.snapshot);
    const tp::Domain readers = account_.readers(reader_);
    const tp::Domain other = readers == tp::Domain::rcu ? tp::Domain::tasks : tp::Domain::rcu;
    explanation_.say(
        fmt::format("The {} of {} is for {} readers alone; {} was in a section of {} readers, of the domain `{}`.",
                    words(wait.step, wait.run), phrases_.operation(wait.run), kind_of_readers(other), cpu(),
                    kind_of_readers(readers), name(readers)));
  }

  void explain_await(const Waited& wait) {
    const std::string what = fmt::format("{} of {}", words(wait.step, wait.run), phrases_.operation(wait.run));
    // A cookie of after the reader's entry would have covered the reader.
    for (const std::size_t snapshot : account_.snapshots)
      if (snapshot > reader_.locked && snapshot > replaced_->event && snapshot < wait.come &&
          is_awaited(snapshot, wait)) {
        explanation_.point_at(snapshot);
        return explain_other_cookie(what, snapshot);
      }
    if (!wait.snapshot) {
      const PlannedStep taken = find(replaced_->run, [](const tp::Step& step) { return step.what == Point::snapshot; });
      if (taken.step != nullptr && is_conditional(*taken.step))
        return explanation_.say(fmt::format("{} returned at once: {} had taken no cookie, as {}.", what,
                                            phrases_.operation(replaced_->run), condition(*taken.step)));
      return explanation_.say(fmt::format("{} returned at once: {} had taken no cookie after its publish.", what,
                                          phrases_.operation(replaced_->run)));
    }
    explanation_.point_at(*wait.snapshot);
    const std::string taker = phrases_.operation(account_.run_of[*wait.snapshot]);
    if (*wait.snapshot < replaced_->event)
      return explanation_.say(
          fmt::format("{} was satisfied too early: {} had taken the cookie before the publish, and "
                      "{} entered its section after that.",
                      what, taker, cpu()));
    explanation_.say(fmt::format("{} was satisfied too early: {} had taken the cookie before {} entered its section.",
                                 what, taker, cpu()));
  }

  // The wait was for something else than the cookie that covers the reader.
  void explain_other_cookie(const std::string& what, std::size_t snapshot) {
    const std::string taker = phrases_.operation(account_.run_of[snapshot]);
    std::string other;
    for (const std::size_t older : account_.snapshots)
      if (older < snapshot && is_of_one_cookie(older, snapshot) && !was_awaited(older)) {
        explanation_.point_at(older);
        other = fmt::format("the older one of {}, ", phrases_.operation(account_.run_of[older]));
      }
    if (account_.protocol == nullptr || account_.protocol->cookies_per_tracepoint)
      other += "one of another tracepoint, ";
    explanation_.say(
        fmt::format("{} returned while {} was still in its section, though {} had taken the cookie after {} "
                    "had entered: it waited for another cookie ({}or none).",
                    what, cpu(), taker, cpu(), other));
  }

  bool is_of_one_cookie(std::size_t one, std::size_t other) const {
    const auto last = [this](std::size_t event) {
      return account_.transition(account_.run_of[event]) == tp::Transition::remove_last;
    };
    return last(one) == last(other);
  }
  bool was_awaited(std::size_t snapshot) const {
    return std::ranges::any_of(account_.waits, [&](const Waited& wait) {
      return wait.snapshot == snapshot && wait.over < patch_.event && wait.run != patch_.run;
    });
  }

  bool is_awaited(std::size_t snapshot, const Waited& wait) const {
    if (!wait.snapshot || *wait.snapshot == snapshot) return true;
    return account_.tracepoint(account_.runs[account_.run_of[snapshot]]) ==
           account_.tracepoint(account_.runs[wait.run]);
  }

  // The run of the worker that marked what the wait waited for.
  void explain_worker(const Waited& wait) {
    const auto mark = std::ranges::find_if(
        account_.marks, [&](std::size_t event) { return event > replaced_->event && event < wait.over; });
    if (mark == account_.marks.end())
      return explanation_.say(
          fmt::format("The worker had nothing outstanding when {} looked.", phrases_.operation(wait.run)));
    explanation_.point_at(*mark);
    const std::size_t run = account_.run_of[*mark];
    const auto its = std::ranges::find_if(account_.waits, [&](const Waited& one) { return one.run == run; });
    if (its == account_.waits.end() || its->over == kNoEvent || its->over > *mark)
      return explanation_.say(
          "The worker marked the request as done before its grace period was over, so that the wait for the worker did "
          "not wait for the readers.");
    explanation_.point_at(its->come);
    explanation_.say(
        fmt::format("The worker marked the request of {} as done after a grace period that had begun before {} entered "
                    "its section: it counted a request that came while it was synchronising.",
                    phrases_.operation(replaced_->run), cpu()));
  }

  const Account& account_;
  const Phrases& phrases_;
  const Run& reader_;
  const Patch& patch_;
  Explanation& explanation_;
  const Store* replaced_;
};

}  // namespace

void explain_missing_wait(const Account& account, const Phrases& phrases, const Run& reader, const Patch& patch,
                          Explanation& explanation) {
  MissingWait(account, phrases, reader, patch, explanation).explain();
}

void explain_short_sync(const Account& account, const Phrases& phrases, const Run& reader, const Freed& freed,
                        Explanation& explanation) {
  const std::string cpu = phrases.cpu(reader);
  const Run& sync = account.runs[freed.run];
  const std::string_view verb = verb_name(sync.verb);
  const tp::Domains waited = waited_for(account.operation(sync));
  explanation.point_at(sync.started);
  explanation.point_at(reader.locked);
  if (reader.locked == kNoEvent || reader.locked > reader.loaded)
    return explanation.say(fmt::format(
        "The reader had loaded tp->funcs before it entered its read-side section, so `{}` did not wait for it.", verb));
  if (!is_inside(account, reader))
    return explanation.say(
        fmt::format("The reader had left its read-side section before it called, so `{}` did not wait for it.", verb));
  if (!account.playback.seen[account.last()].inside)
    return explanation.say(fmt::format(
        "The reader had left its read-side section while the probe ran, so `{}` did not wait for it.", verb));
  const tp::Domain readers = account.readers(reader);
  if (waited.empty())
    return explanation.say(fmt::format("The `{}` waits for nobody; {} was in its read-side section.", verb, cpu));
  if (!waited.has(readers))
    return explanation.say(fmt::format(
        "The `{}` waits for the readers of `{}` alone; {} was in a section of {} readers, of the domain `{}`.", verb,
        name(readers == tp::Domain::rcu ? tp::Domain::tasks : tp::Domain::rcu), cpu, kind_of_readers(readers),
        name(readers)));
  if (reader.locked < sync.started)
    return explanation.say(
        fmt::format("The reader had been in its read-side section since before the `{0}` began: `{0}` "
                    "returned without waiting for it.",
                    verb));
  explanation.say(
      fmt::format("The reader entered its read-side section after the `{0}` had begun. A `{0}` waits for earlier "
                  "readers only, so what it takes away has to be out of reach when it begins.",
                  verb));
}

}  // namespace tpfuzz
