// Registrations that return the wrong result, or run the wrong hooks: `result` and `hooks`.
#include <fmt/format.h>

#include <cerrno>

#include "fuzz/oracle/hooks.h"
#include "fuzz/sequence/result_names.h"
#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {
namespace {

std::string result_words(int result) { return result == 0 ? "0" : fmt::format("-{}", result_name(result)); }

// Why the reference model expects `result` of `run`.
std::string reason(const Account& account, const Phrases& phrases, const Run& run) {
  const Operation& operation = account.operation(run);
  const std::string list =
      run.before.empty() ? "the tracepoint has no probe" : phrases.list(run.before) + " is registered";
  switch (run.plan.result) {
    case 0:
      return list + ", and nothing stands against it";
    case -EEXIST:
      return list + ", the same function and data among them";
    case -ENOENT:
      return list;
    case -EINVAL:
      return "the function is NULL";
    case -ENOMEM:
      return fmt::format("allocation {} fails", operation.fail);
    case -EPERM:
      return "the enable hook refuses";
    default:
      return list;
  }
}

std::string times(int count) {
  return count == 0 ? "did not run" : count == 1 ? "ran once" : fmt::format("ran {} times", count);
}

std::string should(int count) {
  return count == 0 ? "should not run" : count == 1 ? "should run once" : fmt::format("should run {} times", count);
}

// Why the hooks of `run` are due as they are.
std::string hooks_reason(const Phrases& phrases, const Run& run) {
  const bool registers = run.verb == Verb::register_probe;
  if (registers && run.before.empty() && run.plan.hooks.disable == 1)
    return fmt::format("the registration fails with {} after the enable hook ran, and the disable hook undoes that",
                       result_words(run.plan.result));
  if (registers && run.before.empty()) return "the first probe comes";
  if (registers) return fmt::format("{} is registered already", phrases.list(run.before));
  if (run.plan.hooks.disable == 1)
    return fmt::format("{} goes, and nothing stays registered", phrases.list(run.before));
  if (run.plan.list.empty()) return "there is no probe that could go";
  const std::string before = phrases.list(run.before), after = phrases.list(run.plan.list);
  if (before == after) return fmt::format("{} stays registered, as the probe is none of them", after);
  return fmt::format("of {} {} stays registered", before, after);
}

// What `run` left in the array, if that is not what it should.
void say_what_is_left(const Account& account, const Phrases& phrases, const Run& run, Explanation& its) {
  const auto& seen = account.playback.seen[account.last()].tracepoint;
  if (!seen || run.completed == kNoEvent) return;
  const std::vector<Observation::Entry> left(seen->entries.begin(), seen->entries.end());
  const std::string is = phrases.array(left), should = phrases.list(run.plan.list);
  if (is != should) its.say(fmt::format("It left {} in the array; {} should be there.", is, should));
}

// A probe was called before the enable hook of the registration that it came with.
Explanation explain_early_call(const Account& account, const Phrases& phrases, const Run& hit, const Event& call) {
  Explanation its;
  its.headline = "a probe was called before the enable hook had returned";
  its.point_at(hit.started);
  its.point_at(account.last());
  its.say(fmt::format("{} called {} with {}.", phrases.subject(hit), phrases.callback(call.func, account.last()),
                      phrases.data(call.data, account.last())));
  for (std::size_t i = account.runs.size(); i-- > 0;) {
    const Run& run = account.runs[i];
    if (run.begun == kNoEvent || run.plan.hooks.enable == 0 || account.tracepoint(run) != account.tracepoint(hit))
      continue;
    its.point_at(run.begun);
    its.say(
        fmt::format("{} had published it, and the enable hook of that had not returned 0 yet.", phrases.the_change(i)));
    break;
  }
  return its;
}

}  // namespace

Explanation explain_result(const Account& account) {
  const Phrases phrases(account);
  const Run& run = account.failed();
  const Operation& operation = account.operation(run);
  Explanation its;
  its.point_at(run.started);
  its.point_at(run.completed);
  const std::string who = phrases.the_operation(account.failed_run);
  const int expected = run.result != run.plan.result ? run.plan.result : operation.expect.value_or(0);
  its.headline = fmt::format("{} is returned, not {}", result_words(run.result), result_words(expected));
  if (run.result != run.plan.result) {
    its.say(fmt::format("{} returned {}; it has to return {}, as {}.", who, result_words(run.result),
                        result_words(run.plan.result), reason(account, phrases, run)));
    if (operation.expect && *operation.expect == run.plan.result) its.say("The sequence expects that, too.");
    say_what_is_left(account, phrases, run, its);
    return its;
  }
  its.say(fmt::format("{} returned {}, but the sequence expects {}.", who, result_words(run.result),
                      result_words(operation.expect.value_or(0))));
  its.say(
      fmt::format("{} is right: {}. So the expectation in the sequence is wrong, or the operations before it "
                  "were meant to leave something else.",
                  result_words(run.result), reason(account, phrases, run)));
  return its;
}

Explanation explain_hooks(const Account& account) {
  const Phrases phrases(account);
  const Run& run = account.failed();
  const Event& last = account.playback.events[account.last()];
  if (last.kind == Event::Kind::called) return explain_early_call(account, phrases, run, last);
  Explanation its;
  its.point_at(run.started);
  its.point_at(account.last());
  for (std::size_t i = 0; i < account.playback.end; ++i)
    if (account.run_of[i] == account.failed_run && account.playback.events[i].kind == Event::Kind::hooked)
      its.point_at(i);
  if (last.kind == Event::Kind::hooked && (last.data & kWithoutMutex) != 0) {
    its.headline = fmt::format("the {} hook ran without the mutex", last.func == 1 ? "enable" : "disable");
    its.say(fmt::format("{} ran the {} hook while {} did not hold the mutex of all registrations.",
                        phrases.the_operation(account.failed_run), last.func == 1 ? "enable" : "disable",
                        phrases.cpu(run)));
    its.say("Another registration may change the tracepoint meanwhile, and run the other hook.");
    return its;
  }
  const HookRuns& due = run.plan.hooks;
  std::string what;
  if (run.hooks.enable != due.enable)
    what = fmt::format("the enable hook {}, but {}", times(run.hooks.enable), should(due.enable));
  if (run.hooks.disable != due.disable)
    what += fmt::format("{}the disable hook {}, but {}", what.empty() ? "" : "; ", times(run.hooks.disable),
                        should(due.disable));
  if (what.empty()) what = "the disable hook ran before the enable hook";
  its.headline = what;
  its.say(fmt::format("In {}, {}: {}.", phrases.change(account.failed_run), what, hooks_reason(phrases, run)));
  say_what_is_left(account, phrases, run, its);
  return its;
}

}  // namespace tpfuzz
