// A CPU that waits for ever: `progress`.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {
namespace {

std::string awaited_words(tp::Point step) {
  switch (step) {
    case tp::Point::await_worker:
      return "for the worker";
    case tp::Point::begun:
      return "for the mutex";
    default:
      return "for a grace period";
  }
}

// The wait that `run` is in.
const Waited* open_wait(const Account& account, std::size_t run) {
  const auto wait =
      std::ranges::find_if(account.waits, [run](const Waited& its) { return its.run == run && its.over == kNoEvent; });
  return wait != account.waits.end() ? &*wait : nullptr;
}

// Readers that have entered a section and not left it.
std::vector<std::size_t> readers_inside(const Account& account) {
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < account.runs.size(); ++i) {
    const Run& run = account.runs[i];
    if (run.verb == Verb::hit && !run.outer && run.locked != kNoEvent && run.unlocked == kNoEvent &&
        run.completed == kNoEvent)
      inside.push_back(i);
  }
  return inside;
}

// The registration that holds the mutex.
std::optional<std::size_t> holder(const Account& account, std::size_t other_than) {
  for (std::size_t i = 0; i < account.runs.size(); ++i)
    if (i != other_than && account.runs[i].begun != kNoEvent && account.runs[i].completed == kNoEvent) return i;
  return std::nullopt;
}

void explain_grace_period(const Account& account, const Phrases& phrases, Explanation& its) {
  const Run& failed = account.failed();
  for (const std::size_t reader : readers_inside(account)) {
    const Run& run = account.runs[reader];
    its.point_at(run.locked);
    if (reader == failed.outer.value_or(account.failed_run))
      return its.say(
          fmt::format("That grace period waits for {} itself, which is inside its own read-side section: it "
                      "never ends.",
                      phrases.cpu(failed)));
    const Waited* const wait = open_wait(account, reader);
    its.say(fmt::format(
        "It waits for {}, which entered its read-side section before{}.", phrases.cpu(run),
        wait != nullptr ? fmt::format(" and itself waits {}", awaited_words(wait->step)) : " and never leaves"));
  }
}

// An operation that waits for nothing, and does not end.
void explain_endless(const Account& account, const Phrases& phrases, Explanation& its) {
  constexpr int kAgain = 100;  // more passings of one point than any operation has
  const Run& failed = account.failed();
  std::optional<tp::Point> last;
  std::map<tp::Point, int> passed;
  for (std::size_t i = 0; i < account.playback.end; ++i) {
    const Event& event = account.playback.events[i];
    if (account.run_of[i] != account.failed_run || event.kind != Event::Kind::passed) continue;
    last = event.point;
    ++passed[event.point];
  }
  const std::string what = failed.verb == Verb::hit ? "its hit" : phrases.operation(account.failed_run);
  std::string how = "it comes to no point";
  if (last && passed[*last] > kAgain)
    how = fmt::format("it passes `{}` again and again, {} times until it was stopped", name(*last), passed[*last]);
  else if (last)
    how = fmt::format("after `{}` it runs on and comes to no further point", name(*last));
  its.say(fmt::format("{} never ends {}: {}.", phrases.subject(failed), what, how));
  if (failed.verb == Verb::hit && failed.reloaded != kNoEvent)
    its.say(fmt::format("Its iterator runs through {}.",
                        phrases.array(account.array_at(account.tracepoint(failed), failed.reloaded))));
}

}  // namespace

Explanation explain_progress(const Account& account) {
  const Phrases phrases(account);
  const Run& failed = account.failed();
  Explanation its;
  its.point_at(failed.started);
  const Waited* const wait = open_wait(account, account.failed_run);
  its.headline = wait == nullptr ? "never ends" : fmt::format("waits {} for ever", awaited_words(wait->step));
  its.summary = fmt::format("{} {}", phrases.subject(failed), its.headline);
  if (wait == nullptr) {
    explain_endless(account, phrases, its);
    return its;
  }
  its.point_at(account.last());
  its.say(fmt::format("{} waits {} in {}, and no other CPU can go on.", phrases.subject(failed),
                      awaited_words(wait->step),
                      failed.verb == Verb::hit ? "its hit" : phrases.operation(account.failed_run)));
  if (wait->step == tp::Point::begun) {
    const auto holds = holder(account, account.failed_run);
    if (!holds) {
      its.say("No registration holds the mutex any more: one that failed, or returned, never gave it back.");
      return its;
    }
    its.point_at(account.runs[*holds].begun);
    const Waited* const its_wait = open_wait(account, *holds);
    its.say(fmt::format("{} holds it{}.", phrases.the_operation(*holds),
                        its_wait != nullptr ? fmt::format(" and waits {}", awaited_words(its_wait->step)) : ""));
  } else if (wait->step == tp::Point::await_worker) {
    its.say("The worker has a request outstanding, and does not come to mark it.");
  } else {
    explain_grace_period(account, phrases, its);
  }
  return its;
}

}  // namespace tpfuzz
