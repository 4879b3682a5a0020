#include "fuzz/oracle/hooks.h"

#include <algorithm>

namespace tpfuzz {

bool enabled_before(std::span<const Version> begun, const Call& call, unsigned enabled, const Sequence& sequence) {
  const auto lists_it = [&](const Version& version) {
    return std::ranges::any_of(version.list, [&](const Registered& registered) {
      const Probe probe = sequence.probes[registered.slot].value_or(Probe{});
      return probe.func == call.func && probe.data == call.data;
    });
  };
  bool listed = false;
  for (const Version& version : begun)
    if (lists_it(version)) {
      if (version.enables <= enabled) return true;
      listed = true;
    }
  return !listed;
}

[[gnu::noinline]] bool hooks_hold(const History& history, const Event& event) {
  if (event.kind == Event::Kind::called)
    return history.newest(event).enables <= history.enabled(event) ||  // all that had to be: the count never falls
           enabled_before(history.window(event).begun, {event.func, event.data}, history.enabled(event),
                          history.sequence());
  if (event.kind == Event::Kind::hooked && (event.data & kWithoutMutex) != 0) return false;
  const HookRuns due = history.planned(event).hooks;
  const HookRuns ran = history.hooks_run(event);
  if (event.kind == Event::Kind::completed) return history.all_hooks_ran(event);
  const bool enabled_first = event.func == 1 || ran.enable == due.enable;
  return ran.enable <= due.enable && ran.disable <= due.disable && enabled_first;
}

}  // namespace tpfuzz
