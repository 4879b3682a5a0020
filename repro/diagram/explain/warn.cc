// The code under test has warned of itself: `warn`.
#include <fmt/format.h>

#include "repro/diagram/explain/invariants.h"

namespace tpfuzz {

Explanation explain_warn(const Account& account) {
  const Phrases phrases(account);
  const Run& failed = account.failed();
  Explanation its;
  its.headline = "the code under test warned";
  its.point_at(account.last());
  const std::string doing = failed.verb == Verb::hit ? "its hit" : phrases.operation(account.failed_run);
  its.say(fmt::format("{} warned in {}: {}.", phrases.subject(failed), doing,
                      account.playback.seen[account.last()].warning));
  return its;
}

}  // namespace tpfuzz
