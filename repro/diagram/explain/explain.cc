#include "repro/diagram/explain/explain.h"

#include <fmt/format.h>

#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {

namespace {

// Two registrations of one tracepoint that were under way at once: whatever broke, that is why.
void say_overlap(const Account& account, Explanation& explanation) {
  const Phrases phrases(account);
  for (std::size_t i = 0; i < account.runs.size(); ++i)
    for (std::size_t j = i + 1; j < account.runs.size(); ++j) {
      const Run& one = account.runs[i];
      const Run& other = account.runs[j];
      if (one.begun == kNoEvent || other.begun == kNoEvent || account.tracepoint(one) != account.tracepoint(other) ||
          other.begun > one.completed || one.begun > other.completed)
        continue;
      explanation.point_at(one.begun);
      explanation.point_at(other.begun);
      return explanation.say(fmt::format("{} and {} changed the tracepoint at the same time: nothing kept them apart.",
                                         phrases.the_operation(i), phrases.operation(j)));
    }
}

// Where the failing hit is nested in another one, or others in it.
void say_nesting(const Account& account, Explanation& explanation) {
  const Phrases phrases(account);
  const Run& failed = account.failed();
  if (failed.outer) {
    explanation.point_at(failed.started);
    const Called& caller = account.runs[*failed.outer].calls.back();
    return explanation.say_beside(fmt::format("That was in a nested hit: {}, which {} had called, hit tp{}.",
                                              phrases.callback(caller.func, caller.event),
                                              phrases.operation(*failed.outer), failed.tracepoint));
  }
  for (const Run& nested : account.runs) {
    if (nested.outer != account.failed_run) continue;
    explanation.point_at(nested.started);
    explanation.point_at(nested.unlocked);
    return explanation.say_beside(fmt::format("In between, the probes that it called hit tp{}.", nested.tracepoint));
  }
}

}  // namespace

Explanation explain(const Sequence& sequence, const Playback& playback, const Rules& rules,
                    const tp::Protocol* protocol) {
  if (!playback.verdict) return {};
  static constexpr Explanation (*kExplain[])(const Account&) = {
#define TPFUZZ_INVARIANT(id, name, what) &explain_##id,
#include "fuzz/oracle/invariants.def"
#undef TPFUZZ_INVARIANT
  };
  const Account account(sequence, playback, rules, protocol);
  Explanation explanation = kExplain[static_cast<std::size_t>(playback.verdict->invariant)](account);
  say_nesting(account, explanation);
  say_overlap(account, explanation);
  return explanation;
}

}  // namespace tpfuzz
