#include "fuzz/oracle/hooks.h"

namespace tpfuzz {

[[gnu::noinline]] bool hooks_hold(const History& history, const Event& event) {
  const HookRuns due = history.planned(event).hooks;
  const HookRuns ran = history.hooks_run(event);
  if (event.kind == Event::Kind::completed) return ran == due;
  const bool enabled_first = event.func == 1 || ran.enable == due.enable;
  return ran.enable <= due.enable && ran.disable <= due.disable && enabled_first;
}

}  // namespace tpfuzz
