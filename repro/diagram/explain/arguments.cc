// A function that got something else than its call site passed: `arguments`.
#include <fmt/format.h>

#include "fuzz/subject/functions.h"
#include "repro/diagram/explain/argument_words.h"
#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {

Explanation explain_arguments(const Account& account) {
  const Phrases phrases(account);
  const Run& hit = account.failed();
  const Event& wrong = account.playback.events[account.last()];
  const Called& call = hit.calls.back();
  const std::string function = phrases.callback(call.func, account.last());
  const std::string argument = argument_words(wrong.data), got = got_words(wrong.data, wrong.result);
  Explanation its;
  its.headline = fmt::format("{} of {} is {}", argument, function, got);
  its.point_at(hit.loaded);
  its.point_at(hit.dispatched);
  its.say(fmt::format("{} called {}, whose {} was {}.", phrases.subject(hit), function, argument, got));
  if (hit.dispatched == kNoEvent) {
    its.say(Functions::is_far(call.func)
                ? "The static call went to it directly, through a near trampoline, as it lies out of reach."
                : "The static call went to it directly.");
    return its;
  }
  const std::vector<Called> before(hit.calls.begin(), hit.calls.end() - 1);
  its.say(before.empty() ? "It was the first that the iterator called."
                         : fmt::format("The iterator had called {} before.", phrases.calls(before)));
  return its;
}

}  // namespace tpfuzz
